import { isLoss, lastSequenceOf, streamBytes, type GapEntry, type LogEntry } from "./entry.ts";
import { streamNames, type StreamName } from "./stream.ts";

/**
 * Takes entries of level DEBUG out of a log, and leaves one gap for each run of them: sequences and bytes still add up.
 * Entries come judged, in order and without a hole.
 */
export interface DebugDropper {
  /** What is to be stored so far. A run that may go on is held back, for at most a minute of the log's own time. */
  push(entries: readonly LogEntry[]): LogEntry[];
  /** The run that is held back. */
  readonly held: GapEntry | undefined;
  /** Gives out the run that is held back, or forgets it: what comes next begins a new one. */
  flush(): GapEntry[];
}

const longestRunMilliseconds = 60_000;

export function createDebugDropper(): DebugDropper {
  let held: GapEntry | undefined;

  const flush = (): GapEntry[] => {
    const run = held === undefined ? [] : [held];
    held = undefined;
    return run;
  };
  return {
    push(entries) {
      const kept: LogEntry[] = [];
      for (const entry of entries) {
        if (!isDebug(entry)) {
          kept.push(...flush(), entry);
          continue;
        }
        if (held && entry.time - held.time >= longestRunMilliseconds) kept.push(...flush());
        held = joined(held, entry);
      }
      return kept;
    },
    get held() {
      return held;
    },
    flush,
  };
}

export function isDebug(entry: LogEntry): boolean {
  if (entry.kind === "output") return entry.level === "DEBUG";
  if (entry.kind === "gap") return !isLoss(entry);
  return entry.control.type === "log" && entry.control.level === "DEBUG";
}

function joined(run: GapEntry | undefined, entry: LogEntry): GapEntry {
  const bytes = streamBytes(entry);
  const unfinished = unfinishedAfter(run?.unfinished ?? [], entry);
  return {
    kind: "gap",
    sequence: run?.sequence ?? entry.sequence,
    lastSequence: lastSequenceOf(entry),
    time: run?.time ?? entry.time,
    stdoutBytes: (run?.stdoutBytes ?? 0) + bytes.stdout,
    stderrBytes: (run?.stderrBytes ?? 0) + bytes.stderr,
    reason: "debug-dropped",
    why: "lines of level DEBUG are dropped by the setting keruta.logs.debug",
    ...(unfinished.length > 0 && { unfinished }),
  };
}

function unfinishedAfter(before: readonly StreamName[], entry: LogEntry): readonly StreamName[] {
  if (entry.kind === "control") return before;
  const bytes = streamBytes(entry);
  const goesOn = (name: StreamName): boolean => {
    if (entry.kind === "output" && entry.stream === name) return !entry.newline;
    if (entry.kind === "gap" && bytes[name] > 0) return entry.unfinished?.includes(name) === true;
    return before.includes(name);
  };
  return streamNames.filter(goesOn);
}
