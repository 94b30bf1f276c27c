import {
  betweenMarks,
  maxRecordBytes,
  type ControlEntry,
  type DamagedRecord,
  type LogEntry,
  type OutputEntry,
  type OutputRecord,
  type WireRecord,
} from "@keruta/shared/domain";
import type { LogPosition } from "@keruta/shared/queue";

type ResumeStep =
  | { readonly kind: "nothing" }
  /** In step with the agent: to be shown, and stored when the next mark agrees. */
  | { readonly kind: "entry"; readonly entry: LogEntry }
  | { readonly kind: "confirmed"; readonly end: boolean }
  /** What was shown since the last mark is void: more than an agent sends came without one. */
  | { readonly kind: "lost"; readonly end: false }
  /** Numbered backwards from a mark, and certain; what was shown since the last mark is void. */
  | { readonly kind: "certain"; readonly entries: readonly LogEntry[]; readonly end: boolean }
  /** Entries before this mark are missing or damaged: the spool has them. */
  | { readonly kind: "hole"; readonly why: string; readonly mark: LogPosition; readonly end: boolean };

export interface ResumingTracker {
  take(record: WireRecord | DamagedRecord, time: number): ResumeStep;
  /** The stream was opened anew, or the log was repaired up to here: where it stands shows at the next mark. */
  lose(position: LogPosition): void;
}

const nothing = { kind: "nothing" } as const;
const lost = { kind: "lost", end: false } as const;

/** What a record takes in memory besides its bytes. */
const recordOverhead = 256;
/** An agent's mark comes before half of this: what is more was not written by it. */
const mostHeld =
  2 * (2 * (betweenMarks.bytes + maxRecordBytes) + recordOverhead * (betweenMarks.records + 1));

type Content = Exclude<WireRecord, { kind: "mark" }>;
/** Of a record before its mark: numbered already where the stream is in step. */
type Recorded = Content & { readonly time: number };

/**
 * Numbers the records of a stream that may begin anywhere, overlap what is stored, or have holes: an API server
 * resumes by whole seconds, and a kubelet rotates. Records between two marks are a segment; a mark tells the number
 * of the record before it, so a segment is numbered backwards, and its bytes are held against the mark's. An agent's
 * first record is a mark: where that is read, the stream is in step from its beginning.
 */
export function createResumingTracker(position: LogPosition): ResumingTracker {
  let confirmed = position;
  let inStep = false;
  /** What comes may be stored already: the stream began somewhere. */
  let mayOverlap = true;
  let isFlooded = false;
  let damage: string | undefined;
  let segment: Recorded[] = [];
  let held = 0;

  const start = (position: LogPosition, known: boolean) => {
    confirmed = position;
    inStep = known;
    mayOverlap = !known;
    isFlooded = false;
    damage = undefined;
    clear();
  };
  const clear = () => {
    segment = [];
    held = 0;
  };
  /** What comes until the next mark is not shown. */
  const drift = (why: string) => {
    damage = why;
    inStep = false;
    clear();
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
          drift("a record was cut or is not the agent's");
          return nothing;
        case "output":
        case "control": {
          held += weightOf(record);
          if (held > mostHeld) {
            const wasInStep = inStep;
            isFlooded = true;
            drift("more came without a mark than an agent sends");
            return wasInStep ? lost : nothing;
          }
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
          const isJoined = before === confirmed.sequence || (mayOverlap && before < confirmed.sequence);
          if (isJoined && !isFlooded && sameBytes(mark, confirmed, fresh)) {
            segment = fresh;
            const entries = numbered(confirmed.sequence + 1);
            start(mark, true);
            return { kind: "certain", entries, end };
          }
          const why = damage ?? `entries ${String(confirmed.sequence + 1)} to ${String(before)} did not come`;
          start(confirmed, false);
          return { kind: "hole", why, mark, end };
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

function weightOf(record: Content): number {
  if (record.kind === "output") return recordOverhead + record.bytes.length;
  const texts = Object.values(record.control).filter((value) => typeof value === "string");
  return texts.reduce((sum, text) => sum + 2 * text.length, recordOverhead);
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
