import { isTerminal, nextStatus } from "../../domain/task/status.ts";
import type { Task } from "../../domain/task/task.ts";
import type { Context } from "./context.ts";
import { recordEvent } from "./events.ts";
import { completeTask, lockTask, needTask } from "./get.ts";
import { run, statement, type Program } from "./program.ts";
import type { TaskRow, TaskTable } from "./schema.ts";

type Outcome = "cancelled" | "requested" | "unchanged";

const writeCancel = statement(
  (db, p: { id: string; from: TaskTable["status"]; to: TaskTable["status"]; now: number; by: string }) =>
    db
      .updateTable("tasks")
      .set({ status: p.to, cancel_requested_at: p.now, cancelled_by: p.by, updated_at: p.now })
      .where("id", "=", p.id)
      .where("status", "=", p.from),
);

export function* cancelTask(
  id: string,
  by: string,
  context: Context,
): Program<{ task: Task; outcome: Outcome }> {
  const outcome = yield* cancelRow(yield* lockTask(id), by, context.clock());
  return { task: yield* completeTask(yield* needTask(id), context), outcome };
}

/** Of a row that is locked. The first wish counts: repeating it changes neither its time nor whose it was. */
export function* cancelRow(row: TaskRow, by: string, now: number): Program<Outcome> {
  if (isTerminal(row.status)) return "unchanged";
  if (row.status === "IN_PROGRESS") {
    if (row.cancel_requested_at !== null) return "requested";
    yield* run(writeCancel({ id: row.id, from: row.status, to: row.status, now, by }));
    const attempt = row.last_attempt;
    yield* recordEvent({ type: "TaskCancelRequested", time: now, taskId: row.id, attempt, data: { by } });
    return "requested";
  }
  const to = nextStatus(row.status, "cancel");
  if (!to) throw new Error(`a ${row.status} task cannot be cancelled`);
  yield* run(writeCancel({ id: row.id, from: row.status, to, now, by }));
  yield* recordEvent({
    type: "TaskFinished",
    time: now,
    taskId: row.id,
    attempt: null,
    data: { status: to, by },
  });
  return "cancelled";
}
