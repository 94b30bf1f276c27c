import type { Event, EventType } from "../event.ts";
import type { TaskStatus } from "../task/status.ts";
import type { FailureNotice } from "./notice.ts";

/** A task as messages name it. */
export interface NotifiedTask {
  readonly id: string;
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: string | null;
  /** As it was when the message was made; null: the task had been deleted by then. */
  readonly status: TaskStatus | null;
}

/** What a channel is told. */
export interface NotifyMessage {
  readonly tasks: readonly NotifiedTask[];
  readonly events: readonly NotifyEvent[];
  /** Messages that are summed up in this one because the channel had its share; 0: it stands for itself. */
  readonly heldBack: number;
  /** Of those, how many it does not name. */
  readonly omitted: number;
}

/** An event as every reader of events gets it, with more in its data where a person is told of it. */
export type NotifyEvent = LogEvent | FailureEvent | DeadlineEvent;

interface EventOf<T extends EventType, D> extends Omit<Event, "type" | "data"> {
  readonly type: T;
  readonly data: Readonly<D>;
}

/** `seq` is the log's own sequence, at or before the first record. Times are ISO 8601. */
type LogEvent = EventOf<
  "Log",
  {
    readonly errors: number;
    /** 0 where only errors are told. */
    readonly warnings: number;
    readonly firstTime: string;
    readonly lastTime: string;
    /** The first ones. */
    readonly records: readonly NotifiedRecord[];
  }
>;

type FailureEvent = EventOf<
  "TaskFinished",
  { readonly status: "FAILED" } & Pick<FailureNotice, "reason" | "category" | "exitCode" | "message">
>;

type DeadlineEvent = EventOf<"DeadlineMissed", { readonly deadline: string }>;

/** One log record in a message. */
export interface NotifiedRecord {
  readonly timestamp: string;
  readonly level: string;
  readonly sequence: number;
  /** Masked as the log is; cut where it is long. */
  readonly message: string;
}

const digestMessages = 100;

/** One message for many: all of their events without log lines, of the first ones where there are too many. */
export function digestOf(messages: readonly NotifyMessage[], total: number): NotifyMessage {
  const named = messages.slice(0, digestMessages);
  const tasks = new Map(named.flatMap((message) => message.tasks.map((task) => [task.id, task])));
  const events = named.flatMap((message) => message.events.map(withoutRecords));
  return { tasks: [...tasks.values()], events, heldBack: total, omitted: total - named.length };
}

function withoutRecords(event: NotifyEvent): NotifyEvent {
  return event.type === "Log" ? { ...event, data: { ...event.data, records: [] } } : event;
}
