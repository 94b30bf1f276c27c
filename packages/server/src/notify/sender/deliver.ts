import type { ChannelTerms, ClaimedDelivery, DeliveryOutcome, NotifyStore } from "@keruta/shared/queue";
import type { ServerLog } from "../../deps/env.ts";
import type { Metrics } from "../../deps/metrics.ts";
import { later, type SendOutcome } from "../channels/outcome.ts";
import type { NotifyConfig } from "../config.ts";
import { retryDelay } from "./backoff.ts";

export interface DeliverDeps {
  readonly store: NotifyStore;
  readonly log: ServerLog;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly send: (delivery: ClaimedDelivery, config: NotifyConfig) => Promise<SendOutcome>;
}

/** Longer than any sending takes: another server that takes over would send it again. */
const leaseMilliseconds = 90_000;

/** Sends what a channel has, one after the other. Returns when to ask again, as `claimDelivery` does. */
export async function deliverChannel(
  deps: DeliverDeps,
  channel: string,
  config: NotifyConfig,
  stopping: AbortSignal,
): Promise<number | null> {
  const { store } = deps;
  const terms: ChannelTerms = {
    rateLimit: config.rateLimit,
    rateWindow: config.rateWindow,
    leaseMilliseconds,
  };
  while (!stopping.aborted) {
    const claimed = await store.claimDelivery(channel, terms);
    if (!claimed.delivery) return claimed.until;
    const { delivery } = claimed;
    const outcome = outcomeOf(delivery, await trySending(deps, delivery, config), config, deps);
    const isOurs = await store.recordOutcome(delivery, outcome);
    report(deps, delivery, outcome, isOurs);
  }
  return null;
}

/** A delivery that cannot be put into words keeps the channel no longer than one that cannot be sent. */
async function trySending(
  { send, log }: DeliverDeps,
  delivery: ClaimedDelivery,
  config: NotifyConfig,
): Promise<SendOutcome> {
  try {
    return await send(delivery, config);
  } catch (error) {
    log.error(
      { id: delivery.id, error: String(error) },
      "sending a notification failed by a fault of keruta's",
    );
    return later({ en: `keruta failed: ${String(error)}`, ja: `keruta の内部エラー: ${String(error)}` });
  }
}

/** What a sending means for its delivery. */
function outcomeOf(
  { tries, createdAt }: ClaimedDelivery,
  sent: SendOutcome,
  { giveUpAfter }: NotifyConfig,
  { clock, random }: Pick<DeliverDeps, "clock" | "random">,
): DeliveryOutcome {
  const { detail } = sent;
  if (sent.kind === "sent") return { state: "sent", detail };
  if (sent.kind === "refused") return { state: "failed", detail };
  const [spread = 0] = random(1);
  const after = retryDelay(tries, sent.retryAfter, spread / 255);
  if (clock() + after > Date.parse(createdAt) + giveUpAfter) {
    return {
      state: "failed",
      detail: { en: `given up: ${detail.en}`, ja: `再送を終了しました: ${detail.ja}` },
    };
  }
  return { state: "waiting", detail, after, recipients: sent.recipients };
}

function report(
  { log, metrics }: DeliverDeps,
  { id, channel, tries }: ClaimedDelivery,
  outcome: DeliveryOutcome,
  isOurs: boolean,
): void {
  const kind = channel.split(":")[0] ?? channel;
  const fields = { id, channel, tries, detail: outcome.detail.en };
  metrics.notification(kind, outcome.state === "waiting" ? "retried" : outcome.state);
  if (!isOurs) log.warn(fields, "a notification took longer than its lease, and may be sent twice");
  else if (outcome.state === "sent") log.info(fields, "a notification was sent");
  else if (outcome.state === "failed") log.error(fields, "a notification was not sent");
  else log.warn({ ...fields, after: outcome.after }, "a notification is tried again later");
}
