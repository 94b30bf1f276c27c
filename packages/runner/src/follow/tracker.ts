import type { DamagedRecord, LineLevels, LogEntry, WireRecord } from "@keruta/shared/domain";

export type TrackerStep =
  | { readonly kind: "entry"; readonly entry: LogEntry }
  /** A mark agreed: all entries so far are certain. `end` is the last one of the attempt. */
  | { readonly kind: "confirmed"; readonly end: boolean }
  /** The stream is not what the agent wrote: entries since the last mark are void. */
  | { readonly kind: "outOfStep"; readonly why: string };

export interface Tracker {
  take(record: WireRecord | DamagedRecord, time: number): TrackerStep;
}

export interface TrackerOptions {
  readonly position: {
    readonly sequence: number;
    readonly stdoutBytes: number;
    readonly stderrBytes: number;
  };
  readonly levelOf: LineLevels;
}

/** Numbers the records of a stream that is read from `position` on, and holds them against the agent's marks. */
export function createTracker({ position, levelOf }: TrackerOptions): Tracker {
  let { sequence } = position;
  const bytes = { stdout: position.stdoutBytes, stderr: position.stderrBytes };

  return {
    take(record, time) {
      switch (record.kind) {
        case "damaged":
          return { kind: "outOfStep", why: "a record was cut or is not the agent's" };
        case "mark": {
          const agrees =
            record.sequence === sequence &&
            record.stdoutBytes === bytes.stdout &&
            record.stderrBytes === bytes.stderr;
          if (agrees) return { kind: "confirmed", end: record.end };
          const seen = `${String(sequence)}/${String(bytes.stdout)}/${String(bytes.stderr)}`;
          const said = `${String(record.sequence)}/${String(record.stdoutBytes)}/${String(record.stderrBytes)}`;
          return { kind: "outOfStep", why: `records and bytes seen ${seen}, the agent's mark says ${said}` };
        }
        case "control":
          sequence += 1;
          return { kind: "entry", entry: { kind: "control", sequence, time, control: record.control } };
        case "output": {
          const { stream, newline } = record;
          sequence += 1;
          bytes[stream] += record.bytes.length + (newline ? 1 : 0);
          return { kind: "entry", entry: { ...record, sequence, time, level: levelOf(record) } };
        }
      }
    },
  };
}
