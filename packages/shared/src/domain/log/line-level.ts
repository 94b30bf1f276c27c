import type { LevelDetector } from "./level.ts";
import type { Level, StreamName } from "./stream.ts";

/** Gives each record its level; the later records of one long line have the first one's. */
export type LineLevels = (record: {
  readonly stream: StreamName;
  readonly bytes: Uint8Array;
  readonly newline: boolean;
}) => Level;

export function createLineLevels(detect: LevelDetector): LineLevels {
  const open: Record<StreamName, Level | undefined> = { stdout: undefined, stderr: undefined };
  return ({ stream, bytes, newline }) => {
    const level = open[stream] ?? detect(bytes, stream);
    open[stream] = newline ? undefined : level;
    return level;
  };
}
