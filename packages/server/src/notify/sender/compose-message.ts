import {
  apiVersion,
  type LogNotice,
  type Notice,
  type NoticeLevel,
  type NotifiedRecord,
  type NotifiedTask,
  type NotifyEvent,
  type NotifyMessage,
  type Task,
} from "@keruta/shared/domain";

/** The quoted log lines for a notice and level, read beforehand. */
export type RecordsOf = (notice: LogNotice, level: NoticeLevel) => readonly NotifiedRecord[];

export interface Told {
  readonly taskId: string;
  /** Undefined: it was deleted meanwhile. */
  readonly task: Task | undefined;
  readonly notices: readonly Notice[];
  readonly level: NoticeLevel | null;
}

/** What one channel is told of one task. */
export function composeMessage(told: Told, recordsOf: RecordsOf): NotifyMessage {
  const { taskId, task, notices, level } = told;
  const events = notices.map((notice) => eventOf(taskId, notice, level ?? "ERROR", recordsOf));
  return { tasks: [taskOf(taskId, task)], events: events.toSorted(byWeight), heldBack: 0, omitted: 0 };
}

/** What matters most stands first, and in the subject. */
const order: readonly NotifyEvent["type"][] = ["TaskFinished", "DeadlineMissed", "Log"];

function byWeight(one: NotifyEvent, other: NotifyEvent): number {
  return order.indexOf(one.type) - order.indexOf(other.type);
}

function taskOf(id: string, task: Task | undefined): NotifiedTask {
  const namespace = task?.spec.namespace ?? "";
  return {
    id,
    title: task?.title ?? "",
    labels: task?.labels ?? {},
    namespace: namespace === "" ? null : namespace,
    status: task?.status ?? null,
  };
}

function eventOf(taskId: string, notice: Notice, level: NoticeLevel, recordsOf: RecordsOf): NotifyEvent {
  const head = { apiVersion, kind: "Event", taskId } as const;
  switch (notice.kind) {
    case "log": {
      const { attempt, errors, time, lastTime, firstSequence } = notice;
      const warnings = level === "WARN" ? notice.warnings : 0;
      const records = recordsOf(notice, level);
      const data = { errors, warnings, firstTime: time, lastTime, records };
      return { ...head, type: "Log", time: lastTime, attempt, seq: firstSequence, data };
    }
    case "failed": {
      const { attempt, time, reason, category, exitCode, message, eventSeq } = notice;
      const data = { status: "FAILED" as const, reason, category, exitCode, message };
      return { ...head, type: "TaskFinished", time, attempt, seq: eventSeq ?? 0, data };
    }
    case "deadline": {
      const { time, deadline, eventSeq } = notice;
      return { ...head, type: "DeadlineMissed", time, attempt: null, seq: eventSeq ?? 0, data: { deadline } };
    }
  }
}
