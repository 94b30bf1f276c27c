import { sql } from "kysely";
import { isTerminal } from "../../../domain/task/status.ts";
import type { Context } from "../context.ts";
import { recordEvent } from "../events.ts";
import { lockTask } from "../get.ts";
import { all, run, statement, type Program } from "../program.ts";
import type { TaskRow } from "../schema.ts";
import { isoTime } from "../time.ts";
import { noteDeadline } from "./note.ts";

const pageSize = 100;

const selectMissed = statement((db, p: { now: number }) =>
  db
    .selectFrom("tasks")
    .select("id")
    .where("deadline", "<=", p.now)
    .where(sql<boolean>`deadline_missed_at is null and status in ('PENDING', 'IN_PROGRESS')`)
    .orderBy("deadline")
    .limit(pageSize),
);
const markMissed = statement((db, p: { id: string; now: number }) =>
  db
    .updateTable("tasks")
    .set({ deadline_missed_at: p.now })
    .where("id", "=", p.id)
    .where(sql<boolean>`deadline_missed_at is null`),
);

export function* noteMissedDeadlines({ clock }: Context): Program<number> {
  const now = clock();
  const rows = yield* all(selectMissed({ now }));
  for (const { id } of rows) {
    const task = yield* lockTask(id);
    // It may have ended or been changed since it was looked for.
    if (!isTerminal(task.status)) yield* noteIfMissed(task, now);
  }
  return rows.length;
}

/** Once a task and deadline, whoever finds out first. */
export function* noteIfMissed(
  { id, deadline, deadline_missed_at, last_attempt }: TaskRow,
  now: number,
): Program<void> {
  if (deadline === null || deadline > now || deadline_missed_at !== null) return;
  if ((yield* run(markMissed({ id, now }))) === 0) return;
  const at = isoTime(deadline);
  const attempt = last_attempt === 0 ? null : last_attempt;
  yield* recordEvent({ type: "DeadlineMissed", time: now, taskId: id, attempt, data: { deadline: at } });
  yield* noteDeadline(id, at, now);
}
