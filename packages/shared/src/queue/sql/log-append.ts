import { lastSequenceOf, type LogEntry } from "../../domain/log/entry.ts";
import { createDebugDropper } from "../../domain/log/debug-dropper.ts";
import { createLineLevels } from "../../domain/log/line-level.ts";
import type { Lease, LogPosition } from "../queue.ts";
import type { JudgeLog } from "../reports.ts";
import { logHole } from "./failures.ts";
import type { Context } from "./context.ts";
import { heldAttempt } from "./lease.ts";
import { openLevels } from "./log-open-levels.ts";
import {
  cutPieces,
  openLinesAfter,
  packBlock,
  unpackBlock,
  type BlockStart,
  type LogBlock,
} from "./log-block.ts";
import type { LogBlockRow } from "./schema.ts";
import { noteLog } from "./notify/note.ts";
import { at, first, run, statement, type Program } from "./program.ts";

/**
 * A last block below this size is filled up with what comes next. A slow log of single lines then rewrites at
 * most this much a time (0.2 ms), and never leaves more than one small block.
 */
const smallBlockBytes = 64 * 1024;

const selectLastBlock = statement((db, p: { task: string; attempt: number }) =>
  db
    .selectFrom("log_blocks")
    .selectAll()
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.attempt)
    .orderBy("first_seq", "desc")
    .limit(1),
);

const deleteBlock = statement((db, p: { task: string; attempt: number; first: number }) =>
  db
    .deleteFrom("log_blocks")
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.attempt)
    .where("first_seq", "=", p.first),
);

const insertBlock = statement((db, p: LogBlock & { task_id: string; attempt: number }) =>
  db.insertInto("log_blocks").values({
    task_id: p.task_id,
    attempt: p.attempt,
    first_seq: p.first_seq,
    last_seq: p.last_seq,
    first_time: p.first_time,
    last_time: p.last_time,
    level_mask: p.level_mask,
    lines: p.lines,
    stdout_start: p.stdout_start,
    stdout_end: p.stdout_end,
    stderr_start: p.stderr_start,
    stderr_end: p.stderr_end,
    open_lines: p.open_lines,
    raw_bytes: p.raw_bytes,
    data: p.data,
  }),
);

type Hole = (found: number, expected: number) => Error;

export function* appendLog(
  lease: Lease,
  entries: readonly LogEntry[],
  context: Context,
): Program<LogPosition> {
  const { taskId, attempt } = lease;
  yield* heldAttempt(lease);
  const last = lastBlock(yield* first(selectLastBlock({ task: taskId, attempt })));
  const fresh = freshEntries(entries, last?.last_seq ?? 0, logHole);
  return yield* appendAfter({ taskId, attempt, last, context }, fresh);
}

/**
 * For an attempt that is held, and entries that have no level yet. `hole` makes the error of an entry that does not follow
 * what is stored.
 */
export function* appendJudged(
  taskId: string,
  attempt: number,
  entries: readonly LogEntry[],
  { detect, dropDebug }: JudgeLog,
  hole: Hole,
  context: Context,
): Program<LogPosition> {
  const last = lastBlock(yield* first(selectLastBlock({ task: taskId, attempt })));
  const fresh = freshEntries(entries, last?.last_seq ?? 0, hole);
  const lines = createLineLevels(detect, last && (yield* openLevels(taskId, attempt, last)));
  const judged = fresh.map((entry) => lines.judge(entry));
  const place = { taskId, attempt, last, context };
  if (!dropDebug) return yield* appendAfter(place, judged);
  const dropper = createDebugDropper();
  return yield* appendAfter(place, [...dropper.push(judged), ...dropper.flush()]);
}

interface Place {
  readonly taskId: string;
  readonly attempt: number;
  readonly last: LogBlock | undefined;
  readonly context: Context;
}

function* appendAfter(
  { taskId, attempt, last, context }: Place,
  fresh: readonly LogEntry[],
): Program<LogPosition> {
  if (fresh.length === 0) return positionAfter(last);
  const merged = last && last.raw_bytes < smallBlockBytes ? last : undefined;
  if (merged) yield* run(deleteBlock({ task: taskId, attempt, first: merged.first_seq }));
  const earlier = merged ? unpackBlock(merged) : [];
  const beginning = merged ? startOf(merged) : startAfter(last);
  let block: LogBlock | undefined;
  let start = beginning;
  for (const piece of cutPieces([...earlier, ...fresh])) {
    if (block) yield* at("log:block-written");
    block = packBlock(piece, start);
    yield* run(insertBlock({ ...block, task_id: taskId, attempt }));
    const openLines = piece.entries.reduce(openLinesAfter, start.openLines);
    start = { stdout: block.stdout_end, stderr: block.stderr_end, openLines };
  }
  const openLines = () => earlier.reduce(openLinesAfter, beginning.openLines);
  yield* noteLog(taskId, attempt, fresh, openLines, context.clock());
  return positionAfter(block);
}

/** Of an attempt that is open it is never archived: it may still grow. */
function lastBlock(row: LogBlockRow | undefined): LogBlock | undefined {
  if (row?.data === null) throw new Error("the last block of an open log is archived");
  return row && { ...row, data: row.data };
}

/** Entries after `stored`, which must follow it without a hole. */
function freshEntries(entries: readonly LogEntry[], stored: number, hole: Hole): readonly LogEntry[] {
  const fresh = entries.filter((entry) => lastSequenceOf(entry) > stored);
  let expected = stored + 1;
  for (const entry of fresh) {
    if (entry.sequence !== expected) throw hole(entry.sequence, expected);
    expected = lastSequenceOf(entry) + 1;
  }
  return fresh;
}

function startOf(block: LogBlock): BlockStart {
  return { stdout: block.stdout_start, stderr: block.stderr_start, openLines: block.open_lines };
}

function startAfter(block: LogBlock | undefined): BlockStart {
  if (!block) return { stdout: 0, stderr: 0, openLines: 0 };
  const openLines = unpackBlock(block).reduce(openLinesAfter, block.open_lines);
  return { stdout: block.stdout_end, stderr: block.stderr_end, openLines };
}

function positionAfter(block: LogBlock | undefined): LogPosition {
  return {
    sequence: block?.last_seq ?? 0,
    stdoutBytes: block?.stdout_end ?? 0,
    stderrBytes: block?.stderr_end ?? 0,
  };
}
