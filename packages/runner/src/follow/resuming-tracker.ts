import type {
  ControlEntry,
  DamagedRecord,
  LogEntry,
  OutputEntry,
  OutputRecord,
  WireRecord,
} from "@keruta/shared/domain";
import type { LogPosition } from "@keruta/shared/queue";

type ResumeStep =
  | { readonly kind: "nothing" }
  /** In step with the agent: to be shown, and stored when the next mark agrees. */
  | { readonly kind: "entry"; readonly entry: LogEntry }
  | { readonly kind: "confirmed"; readonly end: boolean }
  /** Numbered backwards from a mark, and certain; what was shown since the last mark is void. */
  | { readonly kind: "certain"; readonly entries: readonly LogEntry[]; readonly end: boolean }
  /** Entries before this mark are missing or damaged: the spool has them. */
  | { readonly kind: "hole"; readonly why: string; readonly end: boolean };

export interface ResumingTracker {
  take(record: WireRecord | DamagedRecord, time: number): ResumeStep;
  /** The stream was opened anew, or the log was repaired up to here: where it stands shows at the next mark. */
  lose(position: LogPosition): void;
}

export interface ResumingTrackerOptions {
  readonly position: LogPosition;
  /** True where the stream begins with the attempt's first record. */
  readonly fromStart: boolean;
}

const nothing = { kind: "nothing" } as const;

type Content = Exclude<WireRecord, { kind: "mark" }>;
/** Of a record before its mark: numbered already where the stream is in step. */
type Recorded = Content & { readonly time: number };

/**
 * Numbers the records of a stream that may begin anywhere, overlap what is stored, or have holes: an API server
 * resumes by whole seconds, and a kubelet rotates. Records between two marks are a segment; a mark tells the number
 * of the record before it, so a segment is numbered backwards, and its bytes are held against the mark's.
 */
export function createResumingTracker(options: ResumingTrackerOptions): ResumingTracker {
  let confirmed = options.position;
  let inStep = options.fromStart;
  let damage: string | undefined;
  let segment: Recorded[] = [];

  const start = (position: LogPosition, known: boolean) => {
    confirmed = position;
    inStep = known;
    damage = undefined;
    segment = [];
  };
  const numbered = (first: number) =>
    segment.map((recorded, index) => entryOf(recorded, first + index, recorded.time));

  return {
    lose(position) {
      start(position, false);
    },
    take(record, time) {
      switch (record.kind) {
        case "damaged":
          damage = "a record was cut or is not the agent's";
          inStep = false;
          segment = [];
          return nothing;
        case "output":
        case "control": {
          if (!inStep) {
            segment.push({ ...record, time });
            return nothing;
          }
          const entry = entryOf(record, confirmed.sequence + segment.length + 1, time);
          segment.push(entry);
          return { kind: "entry", entry };
        }
        case "mark": {
          const { sequence, stdoutBytes, stderrBytes, end } = record;
          const mark = { sequence, stdoutBytes, stderrBytes };
          const before = sequence - segment.length;
          if (inStep && before === confirmed.sequence && sameBytes(mark, confirmed, segment)) {
            start(mark, true);
            return { kind: "confirmed", end };
          }
          if (sequence <= confirmed.sequence) {
            // All of it is stored already: the stream was opened before the place where it stood.
            start(confirmed, sequence === confirmed.sequence);
            return { kind: "certain", entries: [], end };
          }
          const fresh = segment.slice(Math.max(0, confirmed.sequence - before));
          if (before <= confirmed.sequence && sameBytes(mark, confirmed, fresh)) {
            segment = fresh;
            const entries = numbered(confirmed.sequence + 1);
            start(mark, true);
            return { kind: "certain", entries, end };
          }
          const why = damage ?? `entries ${String(confirmed.sequence + 1)} to ${String(before)} did not come`;
          start(confirmed, false);
          return { kind: "hole", why, end };
        }
      }
    },
  };
}

function sameBytes(mark: LogPosition, from: LogPosition, segment: readonly Content[]): boolean {
  const bytes = { stdout: from.stdoutBytes, stderr: from.stderrBytes };
  for (const record of segment) if (record.kind === "output") bytes[record.stream] += lengthOf(record);
  return bytes.stdout === mark.stdoutBytes && bytes.stderr === mark.stderrBytes;
}

function lengthOf({ bytes, newline }: OutputRecord): number {
  return bytes.length + (newline ? 1 : 0);
}

/** Its level is for the log keeper to say, who knows what the line began with. */
function entryOf(record: Content, sequence: number, time: number): OutputEntry | ControlEntry {
  return record.kind === "control"
    ? { kind: "control", sequence, time, control: record.control }
    : {
        kind: "output",
        sequence,
        time,
        stream: record.stream,
        level: "INFO",
        bytes: record.bytes,
        newline: record.newline,
      };
}
