import { attemptNotFound } from "../../../domain/task/attempt-not-found.ts";
import { attemptSettled } from "../failures.ts";
import { first, statement, type Program } from "../program.ts";
import type { AttemptRow } from "../schema.ts";
import type { AttemptKey } from "../../reports.ts";
import { sql } from "kysely";

const selectAttempt = statement((db, p: { task: string; number: number }, dialect) =>
  db
    .selectFrom("attempts")
    .selectAll()
    .where("task_id", "=", p.task)
    .where("number", "=", p.number)
    .modifyEnd(sql.raw(dialect.lockRow)),
);

/** Stays open until this transaction has ended: as `heldAttempt`, for one who has no lease. */
export function* openAttempt(of: AttemptKey): Program<AttemptRow> {
  const row = yield* first(selectAttempt({ task: of.taskId, number: of.number }));
  if (!row) throw attemptNotFound(of.taskId, of.number);
  if (row.settled_at !== null) throw attemptSettled(of);
  return row;
}
