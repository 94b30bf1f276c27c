import { sql } from "kysely";
import type { TaskSpec } from "../../../domain/task/spec.ts";
import { isTerminal, type TaskStatus } from "../../../domain/task/status.ts";
import type { HeldBlock, HeldLogPage } from "../../archive.ts";
import { all, first, statement, type Program } from "../program.ts";

/** Blocks looked at in one transaction, beyond those of the last task. */
const pageBlocks = 500;

const selectBound = statement((db, p: { from: string }) =>
  db
    .selectFrom("log_blocks")
    .select("task_id")
    .where("task_id", ">", p.from)
    .orderBy("task_id")
    .limit(1)
    .offset(pageBlocks),
);

interface HeldRow {
  readonly task_id: string;
  readonly attempt: number;
  readonly raw_bytes: number;
  readonly first_time: number;
  readonly settled_at: number | null;
}

/** By whole tasks, so that a log's sum is never of a part. */
const selectHeld = statement(
  (_, p: { from: string; to: string }) => sql<HeldRow>`
    select h.task_id, h.attempt, h.raw_bytes, h.first_time, a.settled_at from (
      select task_id, attempt, cast(sum(raw_bytes) as bigint) as raw_bytes, min(first_time) as first_time from log_blocks
      where task_id > ${p.from} and task_id <= ${p.to} and archive is null group by task_id, attempt) h
    join attempts a on a.task_id = h.task_id and a.number = h.attempt order by h.task_id, h.attempt`,
);

const selectTask = statement((db, p: { id: string }) =>
  db.selectFrom("tasks").select(["status", "updated_at", "spec"]).where("id", "=", p.id),
);

/** After every id. */
const beyondIds = "~";

export function* listHeldLogs(from: string): Program<HeldLogPage> {
  const bound = (yield* first(selectBound({ from })))?.task_id;
  const rows = yield* all(selectHeld({ from, to: bound ?? beyondIds }));
  const tasks = new Map<string, { status: TaskStatus; updated_at: number; spec: TaskSpec }>();
  for (const { task_id: id } of rows) {
    if (tasks.has(id)) continue;
    const task = yield* first(selectTask({ id }));
    if (task) tasks.set(id, { ...task, spec: JSON.parse(task.spec) as TaskSpec });
  }
  const logs = rows.flatMap((row) => {
    const task = tasks.get(row.task_id);
    if (!task) return [];
    return {
      taskId: row.task_id,
      attempt: row.attempt,
      rawBytes: row.raw_bytes,
      firstTime: row.first_time,
      isOpen: row.settled_at === null,
      endedAt: isTerminal(task.status) ? task.updated_at : null,
      spec: task.spec,
    };
  });
  return { logs, next: bound ?? null };
}

const selectBlocks = statement((db, p: { task: string; attempt: number }) =>
  db
    .selectFrom("log_blocks")
    .select(["first_seq", "last_seq", "last_time", "raw_bytes"])
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.attempt)
    .where("archive", "is", null)
    .orderBy("first_seq"),
);
const selectSettled = statement((db, p: { task: string; attempt: number }) =>
  db
    .selectFrom("attempts")
    .select("settled_at")
    .where("task_id", "=", p.task)
    .where("number", "=", p.attempt),
);

export function* listHeldBlocks(task: string, attempt: number): Program<readonly HeldBlock[]> {
  const settled = (yield* first(selectSettled({ task, attempt })))?.settled_at;
  const rows = yield* all(selectBlocks({ task, attempt }));
  const whole = typeof settled === "number" ? rows : rows.slice(0, -1);
  return whole.map((row) => ({
    firstSequence: row.first_seq,
    lastSequence: row.last_seq,
    lastTime: row.last_time,
    rawBytes: row.raw_bytes,
  }));
}

const selectData = statement((db, p: { task: string; attempt: number; first: number }) =>
  db
    .selectFrom("log_blocks")
    .select("data")
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.attempt)
    .where("first_seq", "=", p.first),
);

export function* readBlock(task: string, attempt: number, start: number): Program<Uint8Array | undefined> {
  return (yield* first(selectData({ task, attempt, first: start })))?.data ?? undefined;
}
