import type { Control } from "./control.ts";
import type { Level, StreamName } from "./stream.ts";

/**
 * One entry of an attempt's log, as agent, spool, driver and queue pass it on.
 *
 * `sequence` counts entries of an attempt from 1 without holes, whatever their kind, so a missing one shows.
 * `time` is milliseconds since 1970 at which the agent read the bytes.
 */
export type LogEntry = OutputEntry | ControlEntry | GapEntry;

export interface OutputEntry {
  readonly kind: "output";
  readonly sequence: number;
  readonly time: number;
  readonly stream: StreamName;
  readonly level: Level;
  /** Without the line's LF; at most 8,000 bytes: a longer line is several entries, the last one with `newline`. */
  readonly bytes: Uint8Array;
  readonly newline: boolean;
}

export interface ControlEntry {
  readonly kind: "control";
  readonly sequence: number;
  readonly time: number;
  readonly control: Control;
}

/**
 * Why entries are not there, for programs. `debug-dropped`: the setting keruta.logs.debug, which is no loss. All others
 * are one: the queue's disk was full; the agent was killed before it had passed them on; the stream was cut and the spool
 * had reached its bound, or was gone with its Pod; bytes came that the agent's digest does not know; of a container without
 * the agent, the node rotated its log while nobody read it, and may have dropped some, or did not give it to its end.
 * `unknown`: an older keruta wrote it.
 */
export const gapReasons = [
  "debug-dropped",
  "disk-full",
  "agent-killed",
  "spool-bound",
  "spool-lost",
  "digest-mismatch",
  "rotated",
  "unknown",
] as const;
export type GapReason = (typeof gapReasons)[number];

/** Stands for bytes that are not there. The sequences it replaces are `sequence` to `lastSequence`. */
export interface GapEntry {
  readonly kind: "gap";
  readonly sequence: number;
  readonly lastSequence: number;
  readonly time: number;
  /** Bytes missing per stream; null where not known. */
  readonly stdoutBytes: number | null;
  readonly stderrBytes: number | null;
  readonly reason: GapReason;
  /** The reason in a sentence's words. */
  readonly why: string;
  /** Of `debug-dropped`: streams whose last line here goes on in a later entry, which is dropped too. */
  readonly unfinished?: readonly StreamName[];
}

export function isLoss(gap: Pick<GapEntry, "reason">): boolean {
  return gap.reason !== "debug-dropped";
}

/** Entries that only say what is missing: small, and not to be missing too. */
export function hasOnlyGaps(entries: readonly LogEntry[]): boolean {
  return entries.every(({ kind }) => kind === "gap");
}

/** What an entry adds to each stream: LF counts, and a gap as what it stands for, as far as that is known. */
export function streamBytes(entry: LogEntry): Readonly<Record<StreamName, number>> {
  if (entry.kind === "gap") return { stdout: entry.stdoutBytes ?? 0, stderr: entry.stderrBytes ?? 0 };
  if (entry.kind === "control") return { stdout: 0, stderr: 0 };
  const bytes = entry.bytes.length + (entry.newline ? 1 : 0);
  return entry.stream === "stdout" ? { stdout: bytes, stderr: 0 } : { stdout: 0, stderr: bytes };
}

export function lastSequenceOf(entry: LogEntry): number {
  return entry.kind === "gap" ? entry.lastSequence : entry.sequence;
}
