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

/** Stands for bytes that could not be had. The sequences it replaces are `sequence` to `lastSequence`. */
export interface GapEntry {
  readonly kind: "gap";
  readonly sequence: number;
  readonly lastSequence: number;
  readonly time: number;
  /** Bytes missing per stream; null where not known. */
  readonly stdoutBytes: number | null;
  readonly stderrBytes: number | null;
  readonly why: string;
}

export function lastSequenceOf(entry: LogEntry): number {
  return entry.kind === "gap" ? entry.lastSequence : entry.sequence;
}
