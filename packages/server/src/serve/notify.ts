import type { ChannelTest, ServerDeps } from "../deps/env.ts";
import { send, type SendContext } from "../notify/channels/send.ts";
import { testChannels, type NotifyConfig } from "../notify/index.ts";
import { startSender, type Sender } from "../notify/sender/sender.ts";

type Deps = Pick<
  ServerDeps,
  "notify" | "queue" | "changes" | "clock" | "random" | "version" | "log" | "metrics"
>;

export interface Notifying {
  readonly test: (channels: readonly string[] | null) => Promise<readonly ChannelTest[]>;
  readonly start: () => Sender;
}

/** What a server tells people and other programs: by itself, and for a test. */
export function createNotifying(
  deps: Deps,
  config: () => Promise<NotifyConfig>,
  stopping: AbortSignal,
): Notifying {
  const { notify: store, queue, clock, random, version } = deps;
  const contextOf = (current: NotifyConfig, signal: AbortSignal): SendContext => ({
    config: current,
    queueUid: queue.uid,
    version,
    clock,
    signal,
  });
  return {
    test: async (channels) =>
      await testChannels(channels, { ...contextOf(await config(), stopping), random }),
    start: () =>
      startSender({
        ...deps,
        store,
        config,
        send: (delivery, current, signal) => send(delivery, contextOf(current, signal)),
      }),
  };
}
