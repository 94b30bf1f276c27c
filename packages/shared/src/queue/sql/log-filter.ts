import type { LogEntry } from "../../domain/log/entry.ts";
import { levels } from "../../domain/log/stream.ts";
import type { LogQuery } from "../queue.ts";
import { levelOf } from "./log-block.ts";
import { millisecondsOf } from "./time.ts";

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
