import { isLoss, type LogEntry } from "../../domain/log/entry.ts";
import { judgedBytes, lineText } from "../../domain/log/line-filter.ts";
import type { StreamName } from "../../domain/log/stream.ts";
import { anyStream, openLinesAfter, streamBits, unpackBlock, type LogBlock } from "./log-block.ts";
import type { EntryFilter } from "./log-filter.ts";

interface Line {
  readonly stream: StreamName;
  readonly sequence: number;
  readonly openBefore: number;
  readonly parts: Uint8Array[];
  passes: boolean;
  ended: boolean;
}

export interface TailStart {
  /** Sequence of the entry that the tail begins with. */
  readonly sequence: number;
  /** Streams that were in the middle of an older line there: the rest of it is not part of the tail. */
  readonly openLines: number;
}

/**
 * Finds where the last `count` lines that pass begin, given the blocks of a log one by one from its end. Lines
 * are ordered by their first entry; one that goes on into the next block is judged as a whole.
 */
export function createTailFinder(count: number, { passes, matches }: EntryFilter) {
  let found = 0;
  /** What later blocks begin with: the rest of a line that starts further back. */
  const rest: Partial<Record<StreamName, Line>> = {};

  return {
    /** The tail's start, once it is known. Entries from the sequence `end` on are none of it. */
    visit(
      block: Pick<LogBlock, "data" | "raw_bytes" | "open_lines">,
      end = Number.POSITIVE_INFINITY,
    ): TailStart | undefined {
      const entries = unpackBlock(block).filter(({ sequence }) => sequence < end);
      const { lines, continued } = linesOf(entries, block.open_lines, passes);
      for (const stream of ["stdout", "stderr"] as const) {
        const last = lines.findLast((line) => line.stream === stream) ?? continued[stream];
        const later = rest[stream];
        if (last && !last.ended && later) join(last, later);
        if (continued[stream]) rest[stream] = continued[stream];
        else if (lines.some((line) => line.stream === stream)) delete rest[stream];
      }
      for (const line of lines.toReversed()) {
        if (!line.passes || (matches && !matches(lineText(line.parts)))) continue;
        found += 1;
        if (found === count) return { sequence: line.sequence, openLines: line.openBefore };
      }
      return undefined;
    },
  };
}

function join(line: Line, later: Line): void {
  line.passes ||= later.passes;
  line.ended = later.ended;
  if (bytesOf(line) < judgedBytes) line.parts.push(...later.parts);
}

function bytesOf({ parts }: Line): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function linesOf(entries: readonly LogEntry[], openAtStart: number, passes: EntryFilter["passes"]) {
  const lines: Line[] = [];
  const continued: Partial<Record<StreamName, Line>> = {};
  const current: Partial<Record<StreamName, Line>> = {};
  let open = openAtStart;
  for (const entry of entries) {
    if (entry.kind === "output") {
      const { stream } = entry;
      const isStart = (open & streamBits[stream]) === 0;
      const line =
        (isStart ? undefined : current[stream]) ?? newLine(stream, entry.sequence, open & anyStream);
      if (isStart) lines.push(line);
      else if (current[stream] !== line) continued[stream] = line;
      current[stream] = line;
      line.passes ||= passes(entry);
      line.parts.push(entry.bytes);
      line.ended = entry.newline;
    }
    open = openLinesAfter(open, entry);
    if (entry.kind === "gap" && isLoss(entry)) for (const line of Object.values(current)) line.ended = true;
  }
  return { lines, continued };
}

function newLine(stream: StreamName, sequence: number, openBefore: number): Line {
  return { stream, sequence, openBefore, parts: [], passes: false, ended: false };
}
