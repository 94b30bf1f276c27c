import type { Event } from "../event.ts";
import type { TaskStatus } from "../task/status.ts";

/** A task as messages name it. */
export interface NotifiedTask {
  readonly id: string;
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: string | null;
  /** As it was when the message was made; null: the task had been deleted by then. */
  readonly status: TaskStatus | null;
}

/**
 * What a channel is told. Events are of the types `Log` (data: errors, warnings, firstTime, lastTime, records),
 * `TaskFinished` (status, reason, category, exitCode, message) and `DeadlineMissed` (deadline).
 */
export interface NotifyMessage {
  readonly tasks: readonly NotifiedTask[];
  readonly events: readonly Event[];
  /** Messages that are summed up in this one because the channel had its share; 0: it stands for itself. */
  readonly heldBack: number;
  /** Of those, how many it does not name. */
  readonly omitted: number;
}

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

function withoutRecords(event: Event): Event {
  return event.type === "Log" ? { ...event, data: { ...event.data, records: [] } } : event;
}
