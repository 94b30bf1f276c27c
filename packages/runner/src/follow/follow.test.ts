import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLevelDetector, type LogEntry, type StreamName } from "@keruta/shared/domain";
import { completeLog } from "./complete-log.ts";
import { agentOf, bytesOf, chunksOf, memoryLog, written } from "./follow.harness.ts";
import { followWire } from "./follow-wire.ts";
import { createLogKeeper } from "./log-keeper.ts";
import { createResumingTracker } from "./resuming-tracker.ts";

const judging = {
  detect: createLevelDetector(),
  dropDebug: false,
  clock: () => 2,
  onFull: () => undefined,
};

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
    ...judging,
  });
  const { clock } = judging;
  const readSpool = async function* (after: number) {
    yield agent.spool.filter((entry) => entry.sequence > after);
  };
  const tracker = createResumingTracker(log.position);
  const ended = await followWire({
    wire: chunksOf(wire, cuts),
    tracker,
    log,
    openLine: (record) => ({ record, time: clock() }),
    onControl: () => undefined,
    readSpool,
  });
  const summary = await completeLog({
    log,
    report: killed ? null : agent.report,
    readSpool,
    clock,
  });
  return { ended, summary, stored: store.entries, shown };
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
      ...judging,
    });
    const readSpool = async function* () {};
    const options = { log, report: agent.report, readSpool, clock: () => 2 };
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
