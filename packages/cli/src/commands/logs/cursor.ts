import {
  attemptNotFound,
  isTerminal,
  KerutaError,
  lastSequenceOf,
  type Attempt,
  type Task,
} from "@keruta/shared/domain";
import type { LogQuery, Queue } from "@keruta/shared/queue";
import type { LogPrinter } from "./printer.ts";

/** The latest attempt (and those that follow it), all of them, or one. */
export type AttemptChoice = "latest" | "all" | number;

export type LogFilter = Omit<LogQuery, "taskId" | "attempt" | "afterSequence">;

export interface LogCursor {
  readonly taskId: string;
  /** Prints what is new since the last call; true when nothing can come any more. */
  advance(printer: LogPrinter): Promise<boolean>;
}

export interface CursorOptions {
  readonly queue: Queue;
  readonly taskId: string;
  readonly attempt: AttemptChoice;
  readonly filter: LogFilter;
}

/** Remembers how far the log of one task was printed, over its attempts. */
export function createLogCursor({ queue, taskId, attempt: choice, filter }: CursorOptions): LogCursor {
  let number = choice === "all" ? 1 : typeof choice === "number" ? choice : null;
  let after = 0;
  let isFirst = true;

  const readAttempt = async (attempt: Attempt, printer: LogPrinter) => {
    // A filter hides entries, so the place to go on from is asked for by itself, and before reading.
    const { tail, ...others } = filter;
    const last = await lastSequence(queue, taskId, attempt.number);
    const skip = isFirst && tail === 0;
    if (skip) after = last;
    const query = {
      ...others,
      ...(isFirst && tail !== undefined && tail > 0 && { tail }),
      taskId,
      attempt: attempt.number,
      ...(after > 0 && { afterSequence: after }),
    };
    if (!skip) {
      for await (const entry of queue.readLog(query)) {
        after = Math.max(after, lastSequenceOf(entry));
        await printer.print(taskId, attempt, entry);
      }
    }
    after = Math.max(after, last);
    isFirst = false;
  };

  return {
    taskId,
    async advance(printer) {
      for (;;) {
        // First the state, then the log: what was written before the end was seen is then printed.
        const task = await stillThere(queue, taskId);
        number ??= task.attempt?.number ?? null;
        const attempt = task.attempts.find((candidate) => candidate.number === number);
        if (!attempt) {
          if (isTerminal(task.status) && typeof choice === "number") throw attemptNotFound(taskId, choice);
          return isTerminal(task.status);
        }
        await readAttempt(attempt, printer);
        if (attempt.finishedAt === null) return false;
        if (typeof choice === "number") return true;
        const isLast = attempt.number >= (task.attempt?.number ?? 0);
        if (isLast) return isTerminal(task.status);
        number = attempt.number + 1;
        after = 0;
      }
    },
  };
}

async function lastSequence(queue: Queue, taskId: string, attempt: number): Promise<number> {
  let last = 0;
  for await (const entry of queue.readLog({ taskId, attempt, tail: 1 })) last = lastSequenceOf(entry);
  return last;
}

async function stillThere(queue: Queue, taskId: string): Promise<Task> {
  const task = await queue.getTask(taskId);
  if (task) return task;
  throw new KerutaError(
    "KRT_TASK_NOT_FOUND",
    { en: `Task ${taskId} was deleted.`, ja: `タスク ${taskId} は削除されました。` },
    { hint: { en: "`keruta list` shows what there is.", ja: "`keruta list` で一覧を確認してください。" } },
  );
}
