import { sql } from "kysely";
import type { LogSummary } from "../../../domain/attempt/attempt.ts";
import { expiredOf, type Retention } from "../../../domain/retention/expired.ts";
import type { TaskSpec } from "../../../domain/task/spec.ts";
import type { RemovalPage } from "../../retention.ts";
import type { Context } from "../context.ts";
import { removeEvents } from "../events.ts";
import { all, first, run, statement, type Program } from "../program.ts";
import { isoTime } from "../time.ts";

/** Looked at in one transaction: a millisecond or two where nothing is over its time. */
const pageSize = 200;
/** Of 256 KiB before compression each: what one transaction removes of a log. */
const blocksAtOnce = 200;

const selectEnded = statement((db, p: { from: number }) =>
  db
    .selectFrom("tasks")
    .select(["seq", "id", "spec", "updated_at"])
    .where("seq", ">", p.from)
    .where("status", "in", ["COMPLETED", "FAILED", "CANCELLED"])
    .orderBy("seq")
    .limit(pageSize),
);

/** One page of ended tasks; the same page again where a log was longer than one transaction is to be. */
export function* removeExpired(usual: Retention, from: number, { clock }: Context): Program<RemovalPage> {
  const now = clock();
  const rows = yield* all(selectEnded({ from }));
  const removed = { logs: 0, artifacts: 0, tasks: 0 };
  let position = from;
  for (const row of rows) {
    const task = row.id;
    const spec = JSON.parse(row.spec) as TaskSpec;
    const log = yield* whereLogLies(task);
    const expired = expiredOf({ spec, endedAt: row.updated_at, ...log }, usual, now);
    position = row.seq;
    const hasLog = log.isLogHeld || log.isLogArchived;
    const hasArtifacts = expired.artifacts && (yield* first(selectArtifact({ task }))) !== undefined;
    // A lock writes to its row: most of what is over its time has lost all but the task long ago.
    if (!expired.task && !hasArtifacts && !(expired.log && hasLog)) continue;
    // A person may have asked for it again since the page was read: then it runs, and writes its log.
    if (!(yield* first(lockEnded({ task, endedAt: row.updated_at })))) continue;
    if (expired.log && hasLog) {
      const blocks = yield* removeBlocks(task, now);
      if (blocks > 0) removed.logs += 1;
      if (blocks === blocksAtOnce) return { next: row.seq - 1, removed };
    }
    if (hasArtifacts && (yield* run(deleteArtifacts({ task }))) > 0) removed.artifacts += 1;
    if (expired.task) {
      yield* run(deleteTask({ task }));
      yield* removeEvents(task);
      removed.tasks += 1;
    }
  }
  return { next: rows.length === pageSize ? position : null, removed };
}

const lockEnded = statement((db, p: { task: string; endedAt: number }, { lockRow }) =>
  db
    .selectFrom("tasks")
    .select("id")
    .where("id", "=", p.task)
    .where("status", "in", ["COMPLETED", "FAILED", "CANCELLED"])
    .where("updated_at", "=", p.endedAt)
    .modifyEnd(sql.raw(lockRow)),
);

/** What is archived is the older part: the first block and the last tell of all. */
const selectEnds = statement(
  (_, p: { task: string }) => sql<{ first_archived: number | null; last_archived: number | null }>`
    select
      (select case when b.archive is null then 0 else 1 end from log_blocks b
        where b.task_id = a.task_id and b.attempt = a.number order by b.first_seq limit 1) as first_archived,
      (select case when b.archive is null then 0 else 1 end from log_blocks b
        where b.task_id = a.task_id and b.attempt = a.number order by b.first_seq desc limit 1) as last_archived
    from attempts a where a.task_id = ${p.task}`,
);

function* whereLogLies(task: string): Program<{ isLogHeld: boolean; isLogArchived: boolean }> {
  const ends = yield* all(selectEnds({ task }));
  return {
    isLogHeld: ends.some((end) => end.last_archived === 0),
    isLogArchived: ends.some((end) => end.first_archived === 1),
  };
}

const deleteBlocks = statement(
  (_, p: { task: string; limit: number }) => sql`
    delete from log_blocks where task_id = ${p.task} and (attempt, first_seq) in (
      select attempt, first_seq from log_blocks where task_id = ${p.task} order by attempt, first_seq limit ${p.limit})`,
);

function* removeBlocks(task: string, now: number): Program<number> {
  // Said before the first block goes: nobody takes the rest for the whole.
  yield* markRemoved(task, now);
  return yield* run(deleteBlocks({ task, limit: blocksAtOnce }));
}

const selectSummaries = statement((db, p: { task: string }) =>
  db.selectFrom("attempts").select(["number", "log_summary"]).where("task_id", "=", p.task),
);
const updateSummary = statement((db, p: { task: string; number: number; summary: string }) =>
  db
    .updateTable("attempts")
    .set({ log_summary: p.summary })
    .where("task_id", "=", p.task)
    .where("number", "=", p.number),
);

function* markRemoved(task: string, now: number): Program<void> {
  for (const { number, log_summary } of yield* all(selectSummaries({ task }))) {
    if (log_summary === null) continue;
    const summary = JSON.parse(log_summary) as LogSummary;
    if (summary.removedAt !== undefined) continue;
    const marked = JSON.stringify({ ...summary, removedAt: isoTime(now) });
    yield* run(updateSummary({ task, number, summary: marked }));
  }
}

const selectArtifact = statement((db, p: { task: string }) =>
  db.selectFrom("artifacts").select("path").where("task_id", "=", p.task).limit(1),
);
const deleteArtifacts = statement((db, p: { task: string }) =>
  db.deleteFrom("artifacts").where("task_id", "=", p.task),
);
const deleteTask = statement((db, p: { task: string }) => db.deleteFrom("tasks").where("id", "=", p.task));
