import { sql } from "kysely";
import type { AttemptResult } from "../../domain/attempt/attempt.ts";
import { isTerminal, nextStatus, type TaskEvent, type TaskStatus } from "../../domain/task/status.ts";
import type { Task } from "../../domain/task/task.ts";
import type { Lease, Retry } from "../queue.ts";
import { releaseKeys } from "./concurrency.ts";
import type { Context } from "./context.ts";
import { recordEvent } from "./events.ts";
import { leaseLost, logGrew } from "./failures.ts";
import { completeTask, findTask, lockTask } from "./get.ts";
import { logPosition } from "./log-position.ts";
import { noteIfMissed } from "./notify/deadlines.ts";
import { noteFailure } from "./notify/note.ts";
import { at, first, statement, type Program } from "./program.ts";
import { attemptOf, resultColumns } from "./rows.ts";
import type { TaskRow } from "./schema.ts";
import { millisecondsOf } from "./time.ts";

type ResultParams = ReturnType<typeof resultColumns> & {
  task: string;
  number: number;
  token: string;
  now: number;
};

const writeResult = statement((db, p: ResultParams) =>
  db
    .updateTable("attempts")
    .set({
      settled_at: p.now,
      phase: "Done",
      finished_at: p.finished_at,
      exit_code: p.exit_code,
      signal: p.signal,
      reason: p.reason,
      category: p.category,
      retryable: p.retryable,
      message: p.message,
      peak_memory_bytes: p.peak_memory_bytes,
      log_summary: p.log_summary,
      artifact_summary: p.artifact_summary,
    })
    .where("task_id", "=", p.task)
    .where("number", "=", p.number)
    .where("token", "=", p.token)
    .where(sql<boolean>`settled_at is null`)
    .returningAll(),
);

const moveTask = statement(
  (db, p: { id: string; from: TaskStatus; to: TaskStatus; now: number; notBefore: number }) =>
    db
      .updateTable("tasks")
      .set({ status: p.to, updated_at: p.now, pending_since: p.now, not_before: p.notBefore })
      .where("id", "=", p.id)
      .where("status", "=", p.from)
      .returningAll(),
);

const wasSettled = statement((db, p: { task: string; number: number; token: string }) =>
  db
    .selectFrom("attempts")
    .select("settled_at")
    .where("task_id", "=", p.task)
    .where("number", "=", p.number)
    .where("token", "=", p.token)
    .where(sql<boolean>`settled_at is not null`),
);

export function* settle(
  lease: Lease,
  result: AttemptResult,
  retry: Retry | null,
  logSequence: number | undefined,
  context: Context,
): Program<Task> {
  const { taskId, attempt: number, token } = lease;
  const now = context.clock();
  const row = yield* first(writeResult({ ...resultColumns(result), task: taskId, number, token, now }));
  if (!row) return yield* settledBefore(lease, context);
  if (logSequence !== undefined) yield* expectLogEnd(lease, logSequence);
  yield* at("settle:result-written");
  const task = yield* lockTask(taskId);
  const event = outcomeOf(result, retry !== null, task.cancel_requested_at !== null);
  const moved = yield* moveOn(task, event, now, retry);
  const data = { exitCode: result.exitCode, reason: result.reason, retry: event === "tryAgain" };
  yield* recordEvent({ type: "AttemptFinished", time: now, taskId, attempt: number, data });
  if (isTerminal(moved.status)) {
    yield* noteIfMissed(task, now);
    yield* recordEvent({
      type: "TaskFinished",
      time: now,
      taskId,
      attempt: number,
      data: { status: moved.status },
    });
  }
  if (moved.status === "FAILED") yield* noteFailure(taskId, number, result, now);
  return yield* completeTask(moved, context, attemptOf(row));
}

/** With the attempt's row written, and so locked, its log does not grow any more. */
function* expectLogEnd({ taskId, attempt }: Lease, expected: number): Program<void> {
  const { sequence } = yield* logPosition(taskId, attempt);
  if (sequence > expected) throw logGrew(sequence, expected);
}

/** The same lease may settle again, and changes nothing. */
function* settledBefore(lease: Lease, context: Context): Program<Task> {
  const { taskId, attempt: number, token } = lease;
  const task = yield* findTask(taskId);
  const same = yield* first(wasSettled({ task: taskId, number, token }));
  if (!task || !same) throw leaseLost(lease);
  return yield* completeTask(task, context);
}

/**
 * What the result means for the task. The wish to cancel changes no result, but it ends the trying: a task that
 * would have run again is cancelled instead.
 */
function outcomeOf(result: AttemptResult, retry: boolean, cancelRequested: boolean): TaskEvent {
  if (result.reason === "Completed") return "complete";
  if (result.reason === "Cancelled") return "cancel";
  if (!retry) return "fail";
  return cancelRequested ? "cancel" : "tryAgain";
}

function* moveOn(task: TaskRow, event: TaskEvent, now: number, retry: Retry | null): Program<TaskRow> {
  const to = nextStatus(task.status, event);
  if (!to) throw new Error(`task ${task.id} is ${task.status} and has an open attempt`);
  const notBefore = event === "tryAgain" && retry ? millisecondsOf(retry.notBefore) : task.not_before;
  const moved = yield* first(moveTask({ id: task.id, from: task.status, to, now, notBefore }));
  if (!moved) throw new Error(`task ${task.id} changed its status within a transaction`);
  if (task.keyed === 1) yield* releaseKeys(task.id);
  return moved;
}
