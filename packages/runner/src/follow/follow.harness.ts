import { createHash } from "node:crypto";
import {
  createCutter,
  encodeRecord,
  KerutaError,
  lastSequenceOf,
  type AgentReport,
  type LogEntry,
  type OutputRecord,
  type StreamName,
} from "@keruta/shared/domain";
import type { LogPosition, LogStore } from "@keruta/shared/queue";
import { logStart, positionAfter } from "./log-position.ts";

export interface Write {
  readonly stream: StreamName;
  readonly bytes: Uint8Array;
}

/** What the agent makes of writes: the records with marks among them, its spool and its report. */
export function agentOf(writes: readonly Write[], markEvery: number) {
  const cutters = { stdout: createCutter("stdout"), stderr: createCutter("stderr") };
  const hashes = { stdout: createHash("sha256"), stderr: createHash("sha256") };
  const bytes = { stdout: 0, stderr: 0 };
  const spool: LogEntry[] = [];
  const wire: Uint8Array[] = [];
  const mark = (end: boolean) => {
    const counts = { sequence: spool.length, stdoutBytes: bytes.stdout, stderrBytes: bytes.stderr };
    wire.push(encodeRecord({ kind: "mark", ...counts, time: 1, end }));
  };
  const put = (records: readonly OutputRecord[]) => {
    for (const record of records) {
      const sequence = spool.length + 1;
      spool.push({ ...record, sequence, time: 1, level: "DEBUG" });
      wire.push(encodeRecord(record));
      const text = record.newline ? Buffer.concat([record.bytes, Buffer.from("\n")]) : record.bytes;
      hashes[record.stream].update(text);
      bytes[record.stream] += text.length;
      if (sequence % markEvery === 0) mark(false);
    }
  };
  mark(false);
  for (const write of writes) put(cutters[write.stream].push(write.bytes));
  put(cutters.stdout.flush());
  put(cutters.stderr.flush());
  mark(true);
  const digest = (name: StreamName) => ({ bytes: bytes[name], sha256: hashes[name].digest("hex") });
  const report = {
    version: 1,
    sequence: spool.length,
    stdout: digest("stdout"),
    stderr: digest("stderr"),
    spoolComplete: true,
  } as AgentReport;
  return { wire: Buffer.concat(wire), spool, report };
}

export interface MemoryLog extends LogStore {
  readonly entries: LogEntry[];
  /** Bytes of output that it takes; the next one that does not fit throws KRT_DB_FULL. Gaps always fit. */
  room: number;
}

/** A log store in memory with the queue's rules: repeats are dropped, a hole throws. */
export function memoryLog(agent: readonly LogEntry[] = []): MemoryLog {
  const entries: LogEntry[] = [];
  let position: LogPosition = logStart;
  let brought = 0;
  const store: MemoryLog = {
    entries,
    room: Infinity,
    async appendLog(_lease, own) {
      // The agent brings its own log in between, and is ahead or behind as it happens.
      brought += 3;
      const isFresh = (entry: LogEntry) => lastSequenceOf(entry) > position.sequence;
      const added = [...agent.slice(0, brought).filter(isFresh), ...own];
      const size = own.filter(isFresh).reduce((sum, entry) => sum + weight(entry), 0);
      if (size > store.room) throw new KerutaError("KRT_DB_FULL", { en: "full", ja: "" });
      store.room -= size;
      for (const entry of added) {
        if (!isFresh(entry)) continue;
        if (entry.sequence !== position.sequence + 1)
          throw new KerutaError("KRT_USAGE", { en: `hole before ${String(entry.sequence)}`, ja: "" });
        entries.push(entry);
        position = positionAfter(position, [entry]);
      }
      return position;
    },
    async *readLog({ afterSequence = 0, since, tail }) {
      const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
      const found = entries.filter(({ sequence, time }) => sequence > afterSequence && time >= from);
      yield* tail === undefined ? found : found.slice(startOfTail(found, tail));
    },
  };
  return store;
}

/** Where the last lines of a log of one stream begin. */
function startOfTail(entries: readonly LogEntry[], lines: number): number {
  const starts: number[] = [];
  let isStart = true;
  for (const [at, entry] of entries.entries()) {
    if (entry.kind !== "output") continue;
    if (isStart) starts.push(at);
    isStart = entry.newline;
  }
  return starts.at(-lines) ?? 0;
}

function weight(entry: LogEntry): number {
  return entry.kind === "output" ? entry.bytes.length : 0;
}

export async function* chunksOf(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const end of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    yield bytes.subarray(start, end);
    start = Math.max(start, end);
  }
}

export function bytesOf(entries: readonly LogEntry[], stream: StreamName): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) =>
      entry.kind === "output" && entry.stream === stream
        ? [entry.bytes, Buffer.from(entry.newline ? "\n" : "")]
        : [],
    ),
  );
}

export function written(writes: readonly Write[], stream: StreamName): Buffer {
  return Buffer.concat(writes.filter((write) => write.stream === stream).map((write) => write.bytes));
}
