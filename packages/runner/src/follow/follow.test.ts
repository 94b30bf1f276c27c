import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createCutter,
  encodeRecord,
  type AgentReport,
  type LogEntry,
  KerutaError,
  type OutputRecord,
  type StreamName,
} from "@keruta/shared/domain";
import type { LogPosition, LogStore } from "@keruta/shared/queue";
import { completeLog, storeSpool } from "./complete-log.ts";
import { followWire } from "./follow-wire.ts";
import { createLogKeeper } from "./log-keeper.ts";
import { createResumingTracker } from "./resuming-tracker.ts";

interface Write {
  readonly stream: StreamName;
  readonly bytes: Uint8Array;
}

/** What the agent makes of writes: the records with marks among them, its spool and its report. */
function agentOf(writes: readonly Write[], markEvery: number) {
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

/** A log store in memory with the queue's rules: repeats are dropped, a hole throws. */
function memoryLog(agent: readonly LogEntry[] = []): LogStore & { readonly entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  let position: LogPosition = { sequence: 0, stdoutBytes: 0, stderrBytes: 0 };
  let brought = 0;
  return {
    entries,
    async appendLog(_lease, own) {
      // The agent brings its own log in between, and is ahead or behind as it happens.
      brought += 3;
      const added = [
        ...agent.slice(0, brought).filter((entry) => entry.sequence > position.sequence),
        ...own,
      ];
      for (const entry of added) {
        if (entry.sequence <= position.sequence) continue;
        if (entry.sequence !== position.sequence + 1)
          throw new KerutaError("KRT_USAGE", { en: `hole before ${String(entry.sequence)}`, ja: "" });
        entries.push(entry);
        const length = entry.kind === "output" ? entry.bytes.length + (entry.newline ? 1 : 0) : 0;
        const stdout = entry.kind === "output" && entry.stream === "stdout" ? length : 0;
        position = {
          sequence: entry.kind === "gap" ? entry.lastSequence : entry.sequence,
          stdoutBytes: position.stdoutBytes + stdout,
          stderrBytes: position.stderrBytes + length - stdout,
        };
      }
      return position;
    },
    async *readLog({ afterSequence = 0 }) {
      yield* entries.filter((entry) => entry.sequence > afterSequence);
    },
  };
}

async function follow(
  wire: Uint8Array,
  cuts: readonly number[],
  agent: ReturnType<typeof agentOf>,
  killed = false,
  brought: readonly LogEntry[] = [],
) {
  const store = memoryLog(brought);
  const shown: LogEntry[] = [];
  const log = await createLogKeeper({
    queue: store,
    lease: { taskId: "k7m2xqaf4t", attempt: 1, token: "t" },
    show: async (entries) => void shown.push(...entries.map((entry) => structuredClone(entry))),
  });
  const levelOf = () => "INFO" as const;
  const clock = () => 2;
  const readSpool = async function* (after: number) {
    yield agent.spool.filter((entry) => entry.sequence > after);
  };
  const tracker = createResumingTracker({ position: log.position, fromStart: true, levelOf });
  const ended = await followWire({
    wire: chunksOf(wire, cuts),
    tracker,
    log,
    openLine: (record) => ({ record, time: clock() }),
    onControl: () => undefined,
    repair: () => storeSpool({ log, readSpool, levelOf }),
  });
  const summary = await completeLog({
    log,
    report: killed ? null : agent.report,
    readSpool,
    levelOf,
    clock,
  });
  return { ended, summary, stored: store.entries, shown };
}

async function* chunksOf(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const end of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    yield bytes.subarray(start, end);
    start = Math.max(start, end);
  }
}

function bytesOf(entries: readonly LogEntry[], stream: StreamName): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) =>
      entry.kind === "output" && entry.stream === stream
        ? [entry.bytes, Buffer.from(entry.newline ? "\n" : "")]
        : [],
    ),
  );
}

function written(writes: readonly Write[], stream: StreamName): Buffer {
  return Buffer.concat(writes.filter((write) => write.stream === stream).map((write) => write.bytes));
}

const nasty = fc.constantFrom("\n", "\r\n", "\r", "\u001f", "\u001fO", "ab", "日本", "\0", "x".repeat(9000));
const write = fc.record({
  stream: fc.constantFrom<StreamName>("stdout", "stderr"),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.array(nasty, { maxLength: 6 }).map((parts) => new Uint8Array(Buffer.from(parts.join("")))),
  ),
});
const writes = fc.array(write, { maxLength: 20 });
const cuts = fc.array(fc.nat(), { maxLength: 12 });
const markEvery = fc.integer({ min: 1, max: 9 });

describe("following the agent's wire", () => {
  test("stores and shows each byte once, however the stream is chunked", async () => {
    await fc.assert(
      fc.asyncProperty(writes, cuts, markEvery, async (all, at, every) => {
        const agent = agentOf(all, every);
        const { ended, summary, stored, shown } = await follow(agent.wire, at, agent);
        expect(ended).toBe(true);
        expect(summary.complete).toBe(true);
        for (const stream of ["stdout", "stderr"] as const) {
          expect(bytesOf(stored, stream)).toEqual(written(all, stream));
          expect(bytesOf(shown, stream)).toEqual(written(all, stream));
        }
      }),
    );
  });

  test("takes from the spool what a cut stream did not bring, and shows nothing twice", async () => {
    await fc.assert(
      fc.asyncProperty(writes, cuts, markEvery, fc.nat(), async (all, at, every, cutAt) => {
        const agent = agentOf(all, every);
        const cut = agent.wire.subarray(0, cutAt % (agent.wire.length + 1));
        const { summary, stored, shown } = await follow(cut, at, agent);
        expect(summary.complete).toBe(true);
        expect(bytesOf(stored, "stdout")).toEqual(written(all, "stdout"));
        expect(bytesOf(stored, "stderr")).toEqual(written(all, "stderr"));
        expect(shown.map((entry) => entry.sequence)).toEqual(agent.spool.map((entry) => entry.sequence));
      }),
    );
  });

  test("each byte is there once where the agent brings its log to the queue itself, ahead or behind", async () => {
    await fc.assert(
      fc.asyncProperty(writes, cuts, markEvery, fc.nat(), fc.nat(), async (all, at, every, cutAt, tellAt) => {
        const agent = agentOf(all, every);
        const cut = agent.wire.subarray(0, cutAt % (agent.wire.length + 1));
        const told = agent.spool.slice(0, tellAt % (agent.spool.length + 1));
        const { summary, stored, shown } = await follow(cut, at, agent, false, told);
        expect(summary.complete).toBe(true);
        expect(bytesOf(stored, "stdout")).toEqual(written(all, "stdout"));
        expect(bytesOf(stored, "stderr")).toEqual(written(all, "stderr"));
        expect(shown.map((entry) => entry.sequence)).toEqual(agent.spool.map((entry) => entry.sequence));
      }),
    );
  });

  test("what the agent brought and the Pod took away is no gap", async () => {
    const agent = agentOf([{ stream: "stdout", bytes: new Uint8Array(Buffer.from("one\ntwo\n")) }], 10);
    const store = memoryLog();
    await store.appendLog({ taskId: "k7m2xqaf4t", attempt: 1, token: "" }, agent.spool);
    const shown: LogEntry[] = [];
    const log = await createLogKeeper({
      queue: { ...store, readLog: (query) => store.readLog(query) },
      lease: { taskId: "k7m2xqaf4t", attempt: 1, token: "t" },
      show: async (entries) => void shown.push(...entries),
    });
    const readSpool = async function* () {};
    const options = { log, report: agent.report, readSpool, levelOf: () => "INFO" as const, clock: () => 2 };
    expect(await completeLog(options)).toMatchObject({ complete: true, bytes: 8 });
    expect(store.entries).toHaveLength(2);
  });

  test("does not believe a stream in which something else wrote", async () => {
    const agent = agentOf([{ stream: "stdout", bytes: new Uint8Array(Buffer.from("a\nb\nc\n")) }], 10);
    const forged = Buffer.concat([Buffer.from("forged\n"), agent.wire]);
    const { summary, stored } = await follow(forged, [], agent);
    expect(summary.complete).toBe(true);
    expect(bytesOf(stored, "stdout").toString()).toBe("a\nb\nc\n");
  });

  test("a killed agent's log ends in a gap that says so", async () => {
    const agent = agentOf([{ stream: "stderr", bytes: new Uint8Array(Buffer.from("last words\n")) }], 10);
    const { summary, stored } = await follow(agent.wire.subarray(0, 5), [], agent, true);
    expect(summary.complete).toBe(false);
    expect(bytesOf(stored, "stderr").toString()).toBe("last words\n");
    expect(stored.at(-1)).toMatchObject({ kind: "gap", why: expect.stringContaining("killed") });
  });

  test("says how many bytes are missing where the spool had reached its bound", async () => {
    const agent = agentOf([{ stream: "stdout", bytes: new Uint8Array(Buffer.from("one\ntwo\n")) }], 10);
    agent.spool.length = 1;
    const short = { ...agent, report: { ...agent.report, spoolComplete: false } };
    const { summary, stored } = await follow(agent.wire.subarray(0, 2), [], short);
    expect(summary).toMatchObject({ complete: false, bytes: 4 });
    expect(stored.at(-1)).toMatchObject({ kind: "gap", sequence: 2, lastSequence: 2, stdoutBytes: 4 });
  });
});
