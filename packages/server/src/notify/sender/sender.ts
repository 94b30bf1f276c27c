import { watchOf } from "@keruta/shared/domain";
import type { ServerDeps } from "../../deps/env.ts";
import { configuredChannels, type NotifyConfig } from "../config.ts";
import { createAlarm } from "./alarm.ts";
import { deliverChannel, type DeliverDeps } from "./deliver.ts";
import { gatherDue, type GatherDeps } from "./gather.ts";

export interface SenderDeps extends GatherDeps, Omit<DeliverDeps, "send"> {
  readonly changes: ServerDeps["changes"];
  /** As settings and secrets are now. */
  readonly config: () => Promise<NotifyConfig>;
  /** Ends soon after the signal. */
  readonly send: (
    delivery: Parameters<DeliverDeps["send"]>[0],
    config: NotifyConfig,
    signal: AbortSignal,
  ) => ReturnType<DeliverDeps["send"]>;
  /** Between two looks at a store that changes all the time. Default 1,000. */
  readonly restMilliseconds?: number;
}

export interface Sender {
  /** What is being sent has this long, in milliseconds; what is cut then is sent again by the next server. */
  stop(graceMilliseconds: number): Promise<void>;
}

/** Settings from outside the database, such as a file's, change without a word. */
const longestSleep = 60_000;
const afterFailure = 10_000;
/** What is due and still there could not be gathered. */
const nextDue = (time: number, now: number) => (time <= now ? now + afterFailure : time);
const sweepEvery = 60 * 60_000;
/** How long deliveries can be listed after their end. */
const keptMilliseconds = 30 * 86_400_000;

/**
 * Notes missed deadlines, makes deliveries of notices and sends them, woken by changes of the store and by the clock.
 * Of many servers each does it; each delivery is sent by one at a time.
 */
export function startSender(deps: SenderDeps): Sender {
  const stopping = new AbortController();
  const cutting = new AbortController();
  const { wake, sleep } = createAlarm(stopping.signal);
  const deliver: DeliverDeps = {
    ...deps,
    send: (delivery, config) => deps.send(delivery, config, cutting.signal),
  };
  const busy = new Map<string, Promise<void>>();
  /** When a channel is worth another look, by the store's clock. */
  const quietUntil = new Map<string, number>();
  let watched = "";
  let sweptAt = Number.NEGATIVE_INFINITY;

  const startChannel = (channel: string, config: NotifyConfig, now: number) => {
    if (busy.has(channel) || (quietUntil.get(channel) ?? 0) > now) return;
    quietUntil.delete(channel);
    const work = deliverChannel(deliver, channel, config, stopping.signal).then(
      (until) => {
        if (until !== null) quietUntil.set(channel, until);
      },
      (error: unknown) => {
        quietUntil.set(channel, now + afterFailure);
        deps.log.warn({ channel, error: String(error) }, "a channel was left alone for a while");
      },
    );
    busy.set(
      channel,
      work.finally(() => {
        busy.delete(channel);
        wake();
      }),
    );
  };

  /** Does what there is to do now, and tells how long there is nothing more, in milliseconds. */
  const pass = async (): Promise<number> => {
    const { store } = deps;
    const config = await deps.config();
    const watch = watchOf(config.rules, configuredChannels(config));
    // Only what has changed here: servers that are set up differently would take turns for ever.
    if (watched !== JSON.stringify(watch)) await store.setWatch(watch);
    watched = JSON.stringify(watch);
    if (deps.clock() >= sweptAt + sweepEvery) {
      sweptAt = deps.clock();
      await store.sweepDeliveries(keptMilliseconds);
    }
    let agenda = await store.agenda();
    while (agenda.nextDeadline !== null && agenda.nextDeadline <= agenda.now && !stopping.signal.aborted) {
      if ((await store.noteMissedDeadlines()) === 0) break;
      agenda = await store.agenda();
    }
    const isDue = agenda.firstNotice !== null && agenda.firstNotice + config.groupWindow <= agenda.now;
    if (isDue || agenda.isUrgent) await gatherDue(deps, config, stopping.signal);
    agenda = await store.agenda();
    for (const channel of agenda.channels) startChannel(channel, config, agenda.now);
    for (const channel of quietUntil.keys())
      if (!agenda.channels.includes(channel)) quietUntil.delete(channel);
    const times = [
      ...(agenda.firstNotice === null ? [] : [nextDue(agenda.firstNotice + config.groupWindow, agenda.now)]),
      ...(agenda.nextDeadline === null ? [] : [agenda.nextDeadline]),
      ...quietUntil.values(),
    ];
    return Math.min(longestSleep, ...times.map((time) => time - agenda.now));
  };

  const work = async () => {
    while (!stopping.signal.aborted) {
      let rest: number;
      try {
        rest = await pass();
      } catch (error) {
        rest = afterFailure;
        deps.log.warn({ error: String(error) }, "notifications were not looked after, tried again later");
      }
      await sleep(deps.restMilliseconds ?? 1000, rest);
    }
  };
  const hints = async () => {
    for await (const _ of deps.changes(stopping.signal)) wake();
  };
  const running = Promise.all([work(), hints()]);

  return {
    async stop(graceMilliseconds) {
      stopping.abort();
      const timer = setTimeout(() => {
        cutting.abort();
      }, graceMilliseconds);
      await running;
      await Promise.all(busy.values());
      clearTimeout(timer);
    },
  };
}
