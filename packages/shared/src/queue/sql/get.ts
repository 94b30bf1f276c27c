import { sql } from "kysely";
import type { Attempt } from "../../domain/attempt/attempt.ts";
import type { Task } from "../../domain/task/task.ts";
import type { Context } from "./context.ts";
import { taskNotFound } from "../../domain/task/task-not-found.ts";
import { pendingOf } from "./pending.ts";
import { all, first, statement, type Program } from "./program.ts";
import { attemptOf, taskOf } from "./rows.ts";
import type { TaskRow } from "./schema.ts";

const selectTask = statement((db, p: { id: string }) =>
  db.selectFrom("tasks").selectAll().where("id", "=", p.id),
);

export function findTask(id: string): Program<TaskRow | undefined> {
  return first(selectTask({ id }));
}

const selectTaskToChange = statement((db, p: { id: string }, dialect) =>
  db.selectFrom("tasks").selectAll().where("id", "=", p.id).modifyEnd(sql.raw(dialect.lockRow)),
);

/** The task as it is and stays until this transaction changes it. */
export function* lockTask(id: string): Program<TaskRow> {
  const row = yield* first(selectTaskToChange({ id }));
  if (!row) throw taskNotFound(id);
  return row;
}

export function* needTask(id: string): Program<TaskRow> {
  const row = yield* findTask(id);
  if (!row) throw taskNotFound(id);
  return row;
}

const selectAttempts = statement((db, p: { task: string; before: number }) =>
  db
    .selectFrom("attempts")
    .selectAll()
    .where("task_id", "=", p.task)
    .where("number", "<", p.before)
    .orderBy("number"),
);

/** A task's attempts, oldest first; the latest may be known already. */
export function* attemptsOf(row: TaskRow, latest?: Attempt): Program<readonly Attempt[]> {
  const before = latest ? latest.number : row.last_attempt + 1;
  const rows = before > 1 ? yield* all(selectAttempts({ task: row.id, before })) : [];
  const earlier = rows.map(attemptOf);
  return latest ? [...earlier, latest] : earlier;
}

/** The task as its row is, with attempts and, while PENDING, why it waits. */
export function* completeTask(row: TaskRow, context: Context, latest?: Attempt): Program<Task> {
  const attempts = yield* attemptsOf(row, latest);
  const pendings = yield* pendingOf([row], context);
  return taskOf(row, attempts, pendings.get(row.id) ?? null);
}

export function* getTask(id: string, context: Context): Program<Task | undefined> {
  const row = yield* findTask(id);
  return row && (yield* completeTask(row, context));
}
