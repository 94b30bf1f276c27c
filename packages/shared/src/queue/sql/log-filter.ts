import { isLoss, type LogEntry } from "../../domain/log/entry.ts";
import { levels } from "../../domain/log/stream.ts";
import { withoutMemory } from "../../domain/log/without-memory.ts";
import type { LogQuery } from "../queue.ts";
import { keywordSearch, type LineSearch } from "./keyword.ts";
import { levelOf } from "./log-block.ts";
import { millisecondsOf } from "./time.ts";

export interface EntryFilter {
  readonly passes: (entry: LogEntry) => boolean;
  /** Undefined where text does not matter. */
  readonly matches: ((text: string) => boolean) | undefined;
  /** Whether frames whose lines are all whole may hold a match: a look at their bytes, without reading them. */
  readonly mayMatch: (frames: Uint8Array) => boolean;
  /** Bits of the levels that may pass. */
  readonly levelMask: number;
  readonly since: number;
}

export function entryFilter({ stream, level, since, grep, keyword }: LogQuery): EntryFilter {
  const minimum = level === undefined ? 0 : levels.indexOf(level);
  const from = since === undefined ? 0 : millisecondsOf(since);
  const search = keyword === undefined ? grep && expressionSearch(grep) : keywordSearch(keyword);
  return {
    passes: (entry) => {
      if (entry.time < from) return false;
      if (entry.kind === "gap") return minimum === 0 || isLoss(entry);
      if (levels.indexOf(levelOf(entry)) < minimum) return false;
      return stream === undefined || (entry.kind === "output" && entry.stream === stream);
    },
    mayMatch: search?.mayMatch ?? (() => true),
    matches: search?.matches,
    levelMask: ((1 << levels.length) - 1) & ~((1 << minimum) - 1),
    since: from,
  };
}

function expressionSearch(expression: RegExp): LineSearch {
  const pattern = withoutMemory(expression);
  return { matches: (text) => pattern.test(text), mayMatch: wordTest(pattern) ?? (() => true) };
}

/** For an expression that is nothing but a word; else undefined. */
function wordTest({ source, flags }: RegExp): ((frames: Uint8Array) => boolean) | undefined {
  const word = wordOf(source);
  if (word === undefined || /[uvm]/.test(flags)) return undefined;
  if (!flags.includes("i")) return (frames) => bufferOf(frames).includes(word);
  // Without the flag u, letters of ASCII match only each other in either case.
  if (hasOtherCase(word)) return undefined;
  const lower = loweredBytes(Buffer.from(word));
  return (frames) => loweredBytes(bufferOf(frames)).includes(lower);
}

/** Whether a character beyond ASCII matches another one where letter case does not matter. */
function hasOtherCase(word: string): boolean {
  return Array.from(word).some(
    (each) => each > "~" && (each.toLowerCase() !== each || each.toUpperCase() !== each),
  );
}

/** A character for each byte, in one case: equal bytes stay equal, and letters of ASCII become so. */
function loweredBytes(bytes: Buffer): string {
  return bytes.toString("latin1").toLowerCase();
}

/** What an expression without operators looks for. */
function wordOf(source: string): string | undefined {
  if (source.includes("\0")) return undefined;
  const word = source.replaceAll(/\\([\\^$.*+?()[\]{}|/-])/g, "\0$1");
  if (/[\\^$.*+?()[\]{}|]/.test(word.replaceAll(/\0./g, ""))) return undefined;
  return word.replaceAll("\0", "");
}

function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
