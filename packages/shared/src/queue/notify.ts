import type { ChannelName } from "../domain/notify/channel.ts";
import type { NotifyMessage } from "../domain/notify/message.ts";
import type { Notice, NoticeWatch } from "../domain/notify/notice.ts";
import type { Text } from "../domain/text.ts";

/** What is to be told of one task. */
export interface DueTask {
  readonly taskId: string;
  readonly notices: readonly Notice[];
}

export interface NewDelivery {
  readonly channel: ChannelName;
  readonly message: NotifyMessage;
}

/** `digested`: it went out with others as one message, `digestId`. */
export const deliveryStates = ["waiting", "sent", "failed", "digested"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** A message on its way to one channel, or what became of it. */
export interface Delivery {
  readonly seq: number;
  /** Stays the same however often it is sent: receivers drop a repeat by it. */
  readonly id: string;
  readonly channel: ChannelName;
  readonly state: DeliveryState;
  readonly message: NotifyMessage;
  /** How often it was begun. */
  readonly tries: number;
  readonly createdAt: string;
  /** When it is tried (again) at the earliest; null once it has ended. */
  readonly nextTryAt: string | null;
  readonly endedAt: string | null;
  /** What the other side said, or why it was not reached; null before the first try. */
  readonly detail: Text | null;
  readonly digestId: string | null;
  /** Of an email that some receivers have: those that have not; null: all. */
  readonly recipients: readonly string[] | null;
}

/** A delivery that this process sends, until the lease ends. */
export interface ClaimedDelivery extends Delivery {
  readonly lease: string;
}

/** `rate`: so many messages within so many milliseconds. */
export interface ChannelTerms {
  readonly rateLimit: number;
  readonly rateWindow: number;
  /** How long another process leaves the delivery alone, milliseconds. */
  readonly leaseMilliseconds: number;
}

export type ClaimedOrWait =
  | { readonly delivery: ClaimedDelivery }
  /** `until`: when to ask again, milliseconds since 1970 by the store's clock; null: when something changes. */
  | { readonly delivery: null; readonly until: number | null };

export type DeliveryOutcome =
  | { readonly state: "sent"; readonly detail: Text }
  | { readonly state: "failed"; readonly detail: Text }
  | {
      readonly state: "waiting";
      readonly detail: Text;
      /** Milliseconds from now. */
      readonly after: number;
      readonly recipients: readonly string[] | null;
    };

export interface DuePage {
  readonly tasks: readonly DueTask[];
  /** Where the next page begins; null at the end. */
  readonly next: number | null;
}

/** What there is to do, by the store's clock; times are milliseconds since 1970. */
export interface NotifyAgenda {
  readonly now: number;
  /** Since when a log has something to tell; null: none has. */
  readonly firstNotice: number | null;
  /** A failure or a missed deadline, which wait for nothing. */
  readonly isUrgent: boolean;
  readonly nextDeadline: number | null;
  /** Channels that have something on its way. */
  readonly channels: readonly ChannelName[];
}

/**
 * Notices are written by the queue's own programs, in the transaction of the fact; from there each becomes part of one
 * delivery a channel, and each delivery is sent by one process at a time, at least once.
 */
export interface NotifyStore {
  /** What is noted from now on, by every process of the queue. Changes nothing where it is so already. */
  setWatch(watch: NoticeWatch): Promise<void>;
  agenda(): Promise<NotifyAgenda>;
  /** Notes the tasks that have passed `spec.deadline`, each once; at most 100 a call. */
  noteMissedDeadlines(): Promise<number>;
  /**
   * Tasks, at most 100 a call, with a notice that is `windowMilliseconds` old or urgent, with all of their notices.
   * `from`: 0, then `next`.
   */
  listDue(windowMilliseconds: number, from: number): Promise<DuePage>;
  /**
   * Turns the task's notices, as they are now, into deliveries. `make` may be called again, where transactions meet.
   * Returns how many deliveries there are now more; of two processes one gets the notices.
   */
  takeNotices(taskId: string, make: (notices: readonly Notice[]) => readonly NewDelivery[]): Promise<number>;
  /**
   * The channel's next delivery: one at a time, first those that were tried before. Where more wait than the channel
   * may get, all but the last of its share go one by one, and that one sums up the rest.
   */
  claimDelivery(channel: ChannelName, terms: ChannelTerms): Promise<ClaimedOrWait>;
  /** False where the lease has ended and somebody else has it. */
  recordOutcome(delivery: ClaimedDelivery, outcome: DeliveryOutcome): Promise<boolean>;
  /** Newest first. */
  listDeliveries(filter: DeliveryFilter): Promise<readonly Delivery[]>;
  /** Removes what ended so long ago. */
  sweepDeliveries(milliseconds: number): Promise<void>;
}

export interface DeliveryFilter {
  readonly limit: number;
  /** A `seq`. */
  readonly before?: number;
  readonly state?: DeliveryState;
  /** Ended since then, ISO 8601; those that have not ended pass. */
  readonly since?: string;
}
