import type { TaskSpec } from "../../domain/task/spec.ts";
import type { NewTask, Task } from "../../domain/task/task.ts";
import type { TaskChange } from "../queue.ts";
import type { Context } from "./context.ts";
import { recordEvent } from "./events.ts";
import { statusConflict } from "./failures.ts";
import { completeTask, lockTask, needTask } from "./get.ts";
import { query, run, statement, type Program } from "./program.ts";
import type { TaskRow } from "./schema.ts";
import { deleteDependents, insertDependents, writtenColumns } from "./task-columns.ts";

export function* updateTask(id: string, change: TaskChange, context: Context): Program<Task> {
  const row = yield* lockTask(id);
  if (row.status !== "PENDING") throw statusConflict(id, row.status, "PENDING");
  const before = writtenTask(row);
  const after = { ...before, ...change };
  const now = context.clock();
  const columns = { ...writtenColumns(after), updated_at: now };
  // The wait before another attempt is the queue's own; only a change of spec.notBefore replaces it.
  const not_before = after.spec.notBefore === before.spec.notBefore ? row.not_before : columns.not_before;
  const isSameDeadline = columns.deadline === row.deadline;
  const deadline_missed_at = isSameDeadline ? row.deadline_missed_at : null;
  const waits = columns.hold !== row.hold || not_before !== row.not_before;
  const pending_since = waits ? now : row.pending_since;
  yield* run(
    query((db) =>
      db
        .updateTable("tasks")
        .set({ ...columns, not_before, pending_since, deadline_missed_at })
        .where("id", "=", id),
    ),
  );
  yield* deleteDependents(id);
  yield* insertDependents(id, after);
  const data = { fields: Object.keys(change) };
  yield* recordEvent({ type: "TaskUpdated", time: now, taskId: id, attempt: null, data });
  return yield* completeTask(yield* needTask(id), context);
}

function writtenTask(row: TaskRow): NewTask {
  return {
    title: row.title,
    description: row.description,
    priority: row.priority,
    labels: JSON.parse(row.labels) as Readonly<Record<string, string>>,
    spec: JSON.parse(row.spec) as TaskSpec,
  };
}

const deleteRow = statement((db, p: { id: string }) => db.deleteFrom("tasks").where("id", "=", p.id));

/** Its attempts, log and artifacts go with it, by their foreign keys; its events stay: readers count on their order. */
export function* deleteTask(id: string): Program<void> {
  const row = yield* lockTask(id);
  if (row.status === "IN_PROGRESS") throw statusConflict(id, row.status, "any other status");
  yield* run(deleteRow({ id }));
}
