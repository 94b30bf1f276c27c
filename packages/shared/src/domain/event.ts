/** What happened to a task, in order; the same in `-o jsonl`, server-sent events, webhooks and the timeline. */
export const eventTypes = [
  "TaskAdded",
  "TaskUpdated",
  "TaskCancelRequested",
  "TaskRetried",
  "TaskFinished",
  "DeadlineMissed",
  "AttemptStarted",
  "AttemptTakenOver",
  "AttemptReleased",
  "PhaseChanged",
  "Progress",
  "Log",
  "AttemptFinished",
] as const;
export type EventType = (typeof eventTypes)[number];

export interface Event {
  readonly apiVersion: "keruta/v1";
  readonly kind: "Event";
  readonly type: EventType;
  readonly time: string;
  readonly taskId: string;
  readonly attempt: number | null;
  /** Rises over the whole queue; of type Log: the log's own sequence. */
  readonly seq: number;
  readonly data: Readonly<Record<string, unknown>>;
}
