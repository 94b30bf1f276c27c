import type { LogEntry } from "../../domain/log/entry.ts";
import { levels, type StreamName } from "../../domain/log/stream.ts";
import type { LogQuery } from "../queue.ts";
import { levelOf } from "./log-block.ts";
import { millisecondsOf } from "./time.ts";

/** What of a line is kept to judge it: a longer one is judged by its first part. */
export const judgedBytes = 1 << 20;

export interface EntryFilter {
  readonly passes: (entry: LogEntry) => boolean;
  /** Undefined where text does not matter. */
  readonly matches: ((text: string) => boolean) | undefined;
  /** Bits of the levels that may pass. */
  readonly levelMask: number;
  readonly since: number;
}

export function entryFilter({ stream, level, since, grep }: LogQuery): EntryFilter {
  const minimum = level === undefined ? 0 : levels.indexOf(level);
  const from = since === undefined ? 0 : millisecondsOf(since);
  // A global or sticky expression remembers where it was; here each line is looked at by itself.
  const pattern = grep && new RegExp(grep.source, grep.flags.replaceAll(/[gy]/g, ""));
  return {
    passes: (entry) => {
      if (entry.time < from) return false;
      if (entry.kind === "gap") return true;
      if (levels.indexOf(levelOf(entry)) < minimum) return false;
      return stream === undefined || (entry.kind === "output" && entry.stream === stream);
    },
    matches: pattern && ((text) => pattern.test(text)),
    levelMask: ((1 << levels.length) - 1) & ~((1 << minimum) - 1),
    since: from,
  };
}

interface Line {
  parts: Uint8Array[];
  bytes: number;
  verdict: boolean | undefined;
}

/**
 * Lets whole lines through that match, entries in their order. A line may be many entries with those of the
 * other stream between, so entries are held until every one before them is decided.
 */
export function createLineFilter(matches: (text: string) => boolean): {
  push(entry: LogEntry): readonly LogEntry[];
  finish(): readonly LogEntry[];
} {
  const held: { readonly entry: LogEntry; readonly line: Line }[] = [];
  const open: Partial<Record<StreamName, Line>> = {};

  const decide = (line: Line) => {
    line.verdict ??= matches(lineText(line.parts));
    line.parts = [];
  };
  const release = (): readonly LogEntry[] => {
    const undecided = held.findIndex(({ line }) => line.verdict === undefined);
    const decided = held.splice(0, undecided === -1 ? held.length : undecided);
    return decided.filter(({ line }) => line.verdict === true).map(({ entry }) => entry);
  };

  return {
    push(entry) {
      if (entry.kind === "output") {
        const line = (open[entry.stream] ??= { parts: [], bytes: 0, verdict: undefined });
        held.push({ entry, line });
        if (line.verdict === undefined) {
          line.parts.push(entry.bytes);
          line.bytes += entry.bytes.length;
        }
        if (entry.newline || line.bytes >= judgedBytes) decide(line);
        if (entry.newline) delete open[entry.stream];
        // One stream in the middle of a line must not keep the whole of the other in memory.
        if (held.length >= maxHeld) for (const { line: waiting } of held) decide(waiting);
      } else {
        const verdict =
          entry.kind === "gap" || (entry.control.type === "log" && matches(entry.control.message));
        held.push({ entry, line: { parts: [], bytes: 0, verdict } });
      }
      return release();
    },
    finish() {
      for (const { line } of held) decide(line);
      return release();
    },
  };
}

const maxHeld = 10_000;

const decoder = new TextDecoder();

export function lineText(parts: readonly Uint8Array[]): string {
  return decoder.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts));
}
