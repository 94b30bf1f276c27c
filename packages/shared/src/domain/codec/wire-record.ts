import type { Control } from "../log/control.ts";
import type { StreamName } from "../log/stream.ts";

export interface OutputRecord {
  readonly kind: "output";
  readonly stream: StreamName;
  /** Without the LF. */
  readonly bytes: Uint8Array;
  readonly newline: boolean;
}

export interface ControlRecord {
  readonly kind: "control";
  readonly control: Control;
}

/**
 * Where the stream stands: written about every second and once at the end. A follower that connects in the
 * middle counts back from it. `sequence` is that of the record before the mark; the offsets count output bytes
 * from the attempt's start, LF included.
 */
export interface MarkRecord {
  readonly kind: "mark";
  readonly sequence: number;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  /** Milliseconds since 1970, by the agent's clock. */
  readonly time: number;
  /** True on the last record of an attempt. */
  readonly end: boolean;
}

/** A line that begins like a record and is none: cut, spliced or forged. The sequence is lost until the next mark. */
export interface DamagedRecord {
  readonly kind: "damaged";
  readonly bytes: Uint8Array;
}

export type WireRecord = OutputRecord | ControlRecord | MarkRecord;
