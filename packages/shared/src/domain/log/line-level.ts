import { isLoss, streamBytes, type GapEntry, type LogEntry } from "./entry.ts";
import type { LevelDetector } from "./level.ts";
import { streamNames, type Level, type StreamName } from "./stream.ts";

/** The level of the line that each stream is in the middle of; nothing where the next entry begins one. */
export type OpenLines = Partial<Readonly<Record<StreamName, Level>>>;

/** Gives entries their level in the order of the log; the later ones of a long line have the first one's. */
export interface LineLevels {
  judge(entry: LogEntry): LogEntry;
  /** Takes note of an entry that has its level. */
  pass(entry: LogEntry): void;
  readonly open: OpenLines;
}

export function createLineLevels(detect: LevelDetector, start: OpenLines = {}): LineLevels {
  // Two fields that are always there: V8 turns an object that loses one with each line into a slow table.
  const open: Record<StreamName, Level | undefined> = { stdout: start.stdout, stderr: start.stderr };
  const pass = (entry: LogEntry): void => {
    if (entry.kind === "gap") passGap(entry);
    else if (entry.kind === "output") {
      open[entry.stream] = entry.newline ? undefined : entry.level;
    }
  };
  const passGap = (gap: GapEntry): void => {
    const bytes = streamBytes(gap);
    for (const name of streamNames) {
      if (gap.unfinished?.includes(name)) open[name] = "DEBUG";
      else if (isLoss(gap) || bytes[name] > 0) open[name] = undefined;
    }
  };
  return {
    judge(entry) {
      if (entry.kind !== "output") {
        pass(entry);
        return entry;
      }
      const level = open[entry.stream] ?? detect(entry.bytes, entry.stream);
      const judged = level === entry.level ? entry : { ...entry, level };
      pass(judged);
      return judged;
    },
    pass,
    get open() {
      const { stdout, stderr } = open;
      return { ...(stdout && { stdout }), ...(stderr && { stderr }) };
    },
  };
}
