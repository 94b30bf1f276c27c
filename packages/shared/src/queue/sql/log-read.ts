import type { LogEntry } from "../../domain/log/entry.ts";
import { createLineFilter } from "../../domain/log/line-filter.ts";
import type { OpenArchive } from "../archive.ts";
import type { LogQuery } from "../queue.ts";
import { createBlockLoader } from "./archive/block-loader.ts";
import {
  anyStream,
  entriesOf,
  inflateBlock,
  openLinesAfter,
  streamBits,
  type LogBlock,
} from "./log-block.ts";
import { entryFilter, type EntryFilter } from "./log-filter.ts";
import { createTailFinder, type TailStart } from "./log-tail.ts";
import { logPosition } from "./log-position.ts";
import { all, first, statement, type Program } from "./program.ts";

interface BlockParams {
  readonly task: string;
  readonly attempt: number;
  readonly mask: number;
  readonly since: number;
}

const blockColumns = [
  "b.first_seq",
  "b.last_seq",
  "b.last_time",
  "b.raw_bytes",
  "b.open_lines",
  "b.lines",
  "b.level_mask",
  "b.data",
  "b.archive_offset",
  "b.archive_bytes",
  "a.location as archive_location",
  "a.object_key as archive_key",
  "a.bytes as archive_size",
] as const;

/** Had in one query: a search passes over thousands, and each query is a way to the server and back. */
const blocksAtOnce = 8;

/** Blocks are found by their last sequence: the last block may grow between two reads, its beginning stays. */
const selectNextBlocks = statement((db, p: BlockParams & { after: number }) =>
  db
    .selectFrom("log_blocks as b")
    .leftJoin("log_archives as a", "a.id", "b.archive")
    .select(blockColumns)
    .where("b.task_id", "=", p.task)
    .where("b.attempt", "=", p.attempt)
    .where("b.last_seq", ">", p.after)
    .where(({ eb }) => eb(eb("b.level_mask", "&", p.mask), "!=", 0))
    .where("b.last_time", ">=", p.since)
    .orderBy("b.last_seq")
    .limit(blocksAtOnce),
);

const selectPreviousBlock = statement((db, p: { task: string; attempt: number; before: number }) =>
  db
    .selectFrom("log_blocks as b")
    .leftJoin("log_archives as a", "a.id", "b.archive")
    .select(blockColumns)
    .where("b.task_id", "=", p.task)
    .where("b.attempt", "=", p.attempt)
    .where("b.first_seq", "<", p.before)
    .orderBy("b.first_seq", "desc")
    .limit(1),
);

type Read = <T>(program: () => Program<T>) => Promise<T>;

interface ReadLog {
  readonly read: Read;
  readonly openArchive: OpenArchive | undefined;
  readonly looked?: ((sequence: number) => void) | undefined;
}

/** Streams a log block by block: at no time is more than one block in memory, or one long line. */
export async function* readLog(
  query: LogQuery,
  { read, openArchive, looked = () => undefined }: ReadLog,
): AsyncGenerator<LogEntry> {
  const filter = entryFilter(query);
  const source = { read, load: createBlockLoader(openArchive), looked };
  const start = await startOf(query, filter, source);
  if (!start) return;
  if (start.openLines === 0) looked(start.sequence - 1);
  let left = query.limit ?? Number.POSITIVE_INFINITY;
  if (left <= 0) return;
  for await (const entry of entriesFrom(query, start, filter, source)) {
    yield entry;
    left -= 1;
    if (left <= 0) return;
  }
}

async function* entriesFrom(
  query: LogQuery,
  start: TailStart,
  filter: EntryFilter,
  source: Source,
): AsyncGenerator<LogEntry> {
  const lines = filter.matches && createLineFilter(filter.matches);
  for await (const { entries, last, isForeign } of blocksFrom(query, start, filter, source)) {
    // Not entry by entry through one more generator: a search passes over millions.
    for (const entry of entries) {
      if (!filter.passes(entry)) continue;
      if (!lines) yield entry;
      else for (const decided of lines.push(entry)) yield decided;
    }
    if (!isForeign && (lines?.isIdle() ?? true)) source.looked(last);
  }
  if (lines) yield* lines.finish();
}

interface Source {
  readonly read: Read;
  readonly load: ReturnType<typeof createBlockLoader>;
  readonly looked: (sequence: number) => void;
}

/** What a block has of a query's part of the log. */
interface Looked {
  readonly entries: readonly LogEntry[];
  /** The last that was looked at. */
  readonly last: number;
  /** A line from before the start is still open. */
  readonly isForeign: boolean;
}

type FoundBlock = Parameters<Source["load"]>[0] &
  Pick<LogBlock, "raw_bytes" | "open_lines" | "lines" | "first_seq" | "last_seq" | "level_mask">;

async function startOf(
  query: LogQuery,
  filter: EntryFilter,
  { read, load, looked }: Source,
): Promise<TailStart | undefined> {
  const after = query.afterSequence ?? 0;
  const beginning = { sequence: after + 1, openLines: 0 };
  if (query.tail === undefined) return beginning;
  const { taskId: task, attempt } = query;
  if (query.tail <= 0) {
    looked((await read(() => logPosition(task, attempt))).sequence);
    return undefined;
  }
  const finder = createTailFinder(query.tail, filter);
  const end = query.beforeSequence;
  const visit = async (block: FoundBlock) => {
    const isOfOtherLevels = hasWholeLines(block) && (block.level_mask & filter.levelMask) === 0;
    if (isOfOtherLevels) return undefined;
    const loaded = { ...block, data: await load(block) };
    return holdsNoMatch(loaded, filter) ? undefined : finder.visit(loaded, end);
  };
  let before = end ?? (await read(() => logPosition(task, attempt))).sequence + 1;
  for (;;) {
    const sought = before;
    const block = await read(() => first(selectPreviousBlock({ task, attempt, before: sought })));
    if (!block) return beginning;
    const start = await visit(block);
    if (start) return start.sequence > after ? start : beginning;
    if (block.first_seq <= after + 1) return beginning;
    before = block.first_seq;
  }
}

/** The entries of one block after the other, without those that end a line from before the start. */
async function* blocksFrom(
  { taskId: task, attempt, beforeSequence: end = Number.POSITIVE_INFINITY }: LogQuery,
  start: TailStart,
  { levelMask: mask, since, mayMatch }: EntryFilter,
  { read, load }: Source,
): AsyncGenerator<Looked> {
  let after = start.sequence - 1;
  let foreign = start.openLines;
  for (;;) {
    const last = after;
    const blocks = await read(() => all(selectNextBlocks({ task, attempt, mask, since, after: last })));
    if (blocks.length === 0) return;
    for (const block of blocks) {
      const from = after;
      // A line that was open before and is not now has ended, in a block that the filters let pass over perhaps.
      if (block.first_seq > from + 1) foreign = 0;
      else if (block.first_seq === from + 1) foreign &= block.open_lines;
      after = block.last_seq;
      const frames = inflateBlock({ ...block, data: await load(block) });
      const last = Math.min(after, end - 1);
      if (foreign === 0 && hasWholeLines(block) && !mayMatch(frames)) {
        yield { entries: [], last, isForeign: false };
        continue;
      }
      const own: LogEntry[] = [];
      for (const entry of entriesOf(frames)) {
        if (entry.sequence <= from) continue;
        if (entry.sequence >= end) break;
        const belongsBefore = entry.kind === "output" && (foreign & streamBits[entry.stream]) !== 0;
        if (belongsBefore || entry.kind === "gap") foreign &= openLinesAfter(foreign, entry) & anyStream;
        if (!belongsBefore) own.push(entry);
      }
      yield { entries: own, last, isForeign: foreign !== 0 };
      if (after >= end - 1) return;
    }
  }
}

/** Told by a look at its bytes: a search for a rare word passes over all other blocks. */
function holdsNoMatch(
  block: Parameters<typeof inflateBlock>[0] & Parameters<typeof hasWholeLines>[0],
  { matches, mayMatch }: EntryFilter,
): boolean {
  return matches !== undefined && hasWholeLines(block) && !mayMatch(inflateBlock(block));
}

/** Each entry of it is a line. */
function hasWholeLines(block: Pick<LogBlock, "open_lines" | "lines" | "first_seq" | "last_seq">): boolean {
  return block.open_lines === 0 && block.lines === block.last_seq - block.first_seq + 1;
}
