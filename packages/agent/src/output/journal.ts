import {
  addRecord,
  betweenMarks,
  createByteBuffer,
  type Control,
  type OutputRecord,
  type WireRecord,
} from "@keruta/shared/domain";
import type { Spool } from "../spool/spool.ts";
import type { Outlet } from "../outlet/outlet.ts";

/**
 * Gives every entry its sequence and sends it to the spool and, as a record, to the agent's stdout. The first record is a
 * mark: who reads it has the stream from its beginning, which a container's log may have lost by rotation.
 */
export interface Journal {
  output(record: OutputRecord, time: number): void;
  control(control: Control): void;
  /** Writes what was recorded since the last time; one write for a chunk with thousands of lines. */
  commit(): void;
  /** A mark, where something was recorded since the last one; the last one always. */
  mark(end: boolean): void;
  readonly hasRoom: boolean;
  room(): Promise<void>;
  /** Of the last entry. */
  readonly sequence: number;
}

export interface JournalDeps {
  readonly wire: Outlet;
  readonly spool: Spool;
  readonly clock: () => number;
}

/** Who reads the spool gives each line its level by the queue's own settings. */
const level = "INFO";

export function createJournal({ wire, spool, clock }: JournalDeps): Journal {
  const bytes = { stdout: 0, stderr: 0 };
  const records = createByteBuffer();
  let sequence = 0;
  let markedSequence = 0;
  let bytesSinceMark = 0;

  const commit = (): void => {
    spool.commit();
    if (records.length === 0) return;
    wire.write(records.take());
  };
  const addMark = (end: boolean): void => {
    markedSequence = sequence;
    bytesSinceMark = 0;
    const { stdout: stdoutBytes, stderr: stderrBytes } = bytes;
    addRecord(records, { kind: "mark", sequence, stdoutBytes, stderrBytes, time: clock(), end });
  };
  const add = (record: WireRecord): void => {
    const before = records.length;
    addRecord(records, record);
    bytesSinceMark += records.length - before;
    const isDue = bytesSinceMark >= betweenMarks.bytes || sequence - markedSequence >= betweenMarks.records;
    if (isDue) addMark(false);
  };
  addMark(false);
  return {
    output(record, time) {
      sequence += 1;
      bytes[record.stream] += record.bytes.length + (record.newline ? 1 : 0);
      const { stream, newline } = record;
      spool.add({ kind: "output", stream, bytes: record.bytes, newline, sequence, time, level });
      add(record);
    },
    control(control) {
      sequence += 1;
      spool.add({ kind: "control", sequence, time: clock(), control });
      add({ kind: "control", control });
      commit();
    },
    commit,
    mark(end) {
      if (!end && (sequence === markedSequence || !wire.hasRoom)) return;
      addMark(end);
      commit();
    },
    get hasRoom() {
      return wire.hasRoom && spool.outlet.hasRoom;
    },
    async room() {
      await wire.room();
      await spool.outlet.room();
    },
    get sequence() {
      return sequence;
    },
  };
}
