import { nextStatus } from "../../domain/task/status.ts";
import type { Task } from "../../domain/task/task.ts";
import type { Context } from "./context.ts";
import { recordEvent } from "./events.ts";
import { statusConflict } from "./failures.ts";
import { completeTask, lockTask } from "./get.ts";
import { first, statement, type Program } from "./program.ts";
import type { TaskTable } from "./schema.ts";

const writeRetry = statement((db, p: { id: string; to: TaskTable["status"]; now: number }) =>
  db
    .updateTable("tasks")
    .set((eb) => ({
      status: p.to,
      updated_at: p.now,
      pending_since: p.now,
      not_before: 0,
      attempt_base: eb.ref("last_attempt"),
      cancel_requested_at: null,
      cancelled_by: null,
      progress_percent: null,
      progress_message: "",
    }))
    .where("id", "=", p.id)
    .returningAll(),
);

export function* retryTask(id: string, by: string, context: Context): Program<Task> {
  const row = yield* lockTask(id);
  const to = nextStatus(row.status, "retry");
  if (!to) throw statusConflict(id, row.status, "FAILED");
  const now = context.clock();
  const moved = yield* first(writeRetry({ id, to, now }));
  if (!moved) throw new Error(`task ${id} is gone within a transaction`);
  yield* recordEvent({ type: "TaskRetried", time: now, taskId: id, attempt: null, data: { by } });
  return yield* completeTask(moved, context);
}
