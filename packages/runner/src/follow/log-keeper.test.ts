import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createLevelDetector,
  isDebug,
  lastSequenceOf,
  type GapEntry,
  type LogEntry,
  type StreamName,
} from "@keruta/shared/domain";
import type { LogStore } from "@keruta/shared/queue";
import { closeLog, completeLog } from "./complete-log.ts";
import { agentOf, bytesOf, memoryLog, written, type Write } from "./follow.harness.ts";
import { followWire } from "./follow-wire.ts";
import { createLogKeeper, type LogKeeper, type ReadSpool } from "./log-keeper.ts";
import { createResumingTracker } from "./resuming-tracker.ts";

const lease = { taskId: "k7m2xqaf4t", attempt: 1, token: "t" };
const detect = createLevelDetector();

interface World {
  now: number;
  readonly shown: LogEntry[];
  told: number;
}

function newWorld(): World {
  return { now: 0, shown: [], told: 0 };
}

function keeperOf(queue: LogStore, world: World, dropDebug = false): Promise<LogKeeper> {
  return createLogKeeper({
    queue,
    lease,
    detect,
    dropDebug,
    clock: () => world.now,
    show: async (entries) => void world.shown.push(...entries.map((entry) => structuredClone(entry))),
    onFull: () => (world.told += 1),
  });
}

type Agent = ReturnType<typeof agentOf>;

const spoolOf = (agent: Agent): ReadSpool =>
  async function* (after) {
    const left = agent.spool.filter(({ sequence }) => sequence > after);
    for (let at = 0; at < left.length; at += 7) yield left.slice(at, at + 7);
  };
const noSpool: ReadSpool = async function* () {};

interface FollowPart {
  readonly fromStart?: boolean;
  readonly chunk?: number;
  readonly onChunk?: (at: number) => void;
}

/** Follows a part of the wire; `onChunk` after each of its chunks. */
async function follow(
  log: LogKeeper,
  wire: Uint8Array,
  readSpool: ReadSpool,
  { fromStart = true, chunk = 50, onChunk }: FollowPart = {},
) {
  const tracker = createResumingTracker({ position: log.position, fromStart });
  await followWire({
    wire: (async function* () {
      for (let at = 0; at < wire.length; at += chunk) {
        yield wire.subarray(at, at + chunk);
        onChunk?.(at);
      }
    })(),
    tracker,
    log,
    openLine: (record) => ({ record, time: 1 }),
    onControl: () => undefined,
    readSpool,
  });
}

const complete = (log: LogKeeper, agent: Agent, readSpool: ReadSpool) =>
  completeLog({ log, report: agent.report, readSpool, clock: () => 2 });

const text = (stream: StreamName, words: string): Write => ({
  stream,
  bytes: new Uint8Array(Buffer.from(words)),
});
const lines = (count: number) =>
  Array.from({ length: count }, (_, n) => text(n % 3 === 0 ? "stderr" : "stdout", `line ${String(n)}\n`));
const gapsOf = (entries: readonly LogEntry[]) =>
  entries.filter((entry): entry is GapEntry => entry.kind === "gap");

function expectContiguous(entries: readonly LogEntry[], last: number): void {
  let next = 1;
  for (const entry of entries) {
    expect(entry.sequence).toBe(next);
    next = lastSequenceOf(entry) + 1;
  }
  expect(next).toBe(last + 1);
}

describe("where there is no space for the log", () => {
  test("all is shown, what fitted is stored, and one gap says how much of each stream is missing", async () => {
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(lines(90), 4)];
    store.room = 200;
    const log = await keeperOf(store, world);
    await follow(log, agent.wire, spoolOf(agent));
    const summary = await complete(log, agent, spoolOf(agent));
    expect(world.shown.filter(({ kind }) => kind === "output")).toHaveLength(90);
    expect(world.told).toBe(1);
    expectContiguous(store.entries, 90);
    const [gap, ...others] = gapsOf(store.entries);
    expect(others).toEqual([]);
    const missing = (stream: StreamName) =>
      written(lines(90), stream).length - bytesOf(store.entries, stream).length;
    expect(gap).toMatchObject({
      reason: "disk-full",
      stdoutBytes: missing("stdout"),
      stderrBytes: missing("stderr"),
      why: expect.stringContaining("no space"),
    });
    expect(summary).toMatchObject({
      complete: false,
      bytes: bytesOf(store.entries, "stdout").length + bytesOf(store.entries, "stderr").length,
    });
  });

  test("what the spool has is stored when there is space again, while the task runs", async () => {
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(lines(90), 4)];
    store.room = 200;
    const log = await keeperOf(store, world);
    let storedAtHalf = 0;
    await follow(log, agent.wire, spoolOf(agent), {
      onChunk: (at) => {
        if (at < agent.wire.length / 2) return;
        storedAtHalf ||= store.entries.length;
        store.room = Infinity;
        world.now += 60_000;
      },
    });
    expect(storedAtHalf).toBeLessThan(45);
    expect(store.entries.length).toBeGreaterThan(80);
    expect(await complete(log, agent, spoolOf(agent))).toMatchObject({ complete: true });
    expect(bytesOf(store.entries, "stdout")).toEqual(written(lines(90), "stdout"));
    expect(bytesOf(store.entries, "stderr")).toEqual(written(lines(90), "stderr"));
  });

  test("what the spool does not have is a gap between, and the log goes on after it", async () => {
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(lines(90), 4)];
    store.room = 200;
    const log = await keeperOf(store, world);
    await follow(log, agent.wire, noSpool, {
      onChunk: (at) => {
        if (at < agent.wire.length / 2) return;
        store.room = Infinity;
        world.now += 60_000;
      },
    });
    const summary = await complete(log, agent, noSpool);
    expect(summary.complete).toBe(false);
    expectContiguous(store.entries, 90);
    expect(gapsOf(store.entries)).toMatchObject([{ reason: "disk-full" }]);
    expect(store.entries.at(-1)).toMatchObject({ kind: "output", sequence: 90 });
  });

  test("it is tried again later and later, not at each mark", async () => {
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(lines(900), 1)];
    store.room = 200;
    let tries = 0;
    const counting: LogStore = {
      readLog: (query) => store.readLog(query),
      appendLog: (...args) => {
        tries += 1;
        return store.appendLog(...args);
      },
    };
    const log = await keeperOf(counting, world);
    const begun = tries;
    await follow(log, agent.wire, spoolOf(agent), { chunk: 20, onChunk: () => (world.now += 100) });
    const stored = store.entries.length;
    expect(tries - begun - stored).toBeLessThan(12);
  });

  test("a log without a spool goes on after a gap", async () => {
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(lines(9), 100)];
    const log = await keeperOf(store, world);
    store.room = 10;
    for (const [index, entry] of agent.spool.entries()) {
      if (index === 6) {
        store.room = Infinity;
        world.now += 2000;
      }
      await log.store([entry]);
      await log.resume(null);
    }
    expect(await closeLog(log, true)).toMatchObject({ complete: false });
    expectContiguous(store.entries, 9);
    expect(gapsOf(store.entries)).toMatchObject([{ sequence: 2, lastSequence: 7, reason: "disk-full" }]);
  });

  test("where not even the gap fits, the log is still known not to be complete", async () => {
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(lines(9), 2)];
    store.room = -1;
    const log = await keeperOf(store, world);
    await follow(log, agent.wire, spoolOf(agent));
    expect(await complete(log, agent, spoolOf(agent))).toMatchObject({ complete: false, bytes: 0 });
  });

  test("a driver that takes over brings what the one before could not store", async () => {
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(lines(90), 4)];
    store.room = 200;
    await follow(await keeperOf(store, world), agent.wire, spoolOf(agent));
    store.room = Infinity;
    const summary = await complete(await keeperOf(store, world), agent, spoolOf(agent));
    expect(summary.complete).toBe(true);
    expect(bytesOf(store.entries, "stdout")).toEqual(written(lines(90), "stdout"));
  });
});

const piece = fc.record({
  stream: fc.constantFrom<StreamName>("stdout", "stderr"),
  bytes: fc
    .array(
      fc.constantFrom(
        "DEBUG: a\n",
        '{"level":"debug","m":1}\n',
        "plain\n",
        "ERROR: b\n",
        `DEBUG: ${"x".repeat(9000)}\n`,
        `INFO: ${"DEBUG: ".repeat(2000)}\n`,
        "DEBUG: begun ",
        "and ended\n",
      ),
      { maxLength: 4 },
    )
    .map((parts) => new Uint8Array(Buffer.from(parts.join("")))),
});
const pieces = fc.array(piece, { maxLength: 14 });
const every = fc.integer({ min: 1, max: 6 });

/** What is left of a stream when its DEBUG lines are taken out, found by another way than entries. */
function withoutDebug(writes: readonly Write[], stream: StreamName): Buffer {
  const kept: Buffer[] = [];
  const all = written(writes, stream);
  for (let at = 0; at < all.length;) {
    const end = all.indexOf(10, at) === -1 ? all.length : all.indexOf(10, at) + 1;
    const line = all.subarray(at, end);
    if (detect(line.subarray(0, 8000).subarray(0, line.at(-1) === 10 ? -1 : undefined), stream) !== "DEBUG")
      kept.push(line);
    at = end;
  }
  return Buffer.concat(kept);
}

function expectDropped(store: readonly LogEntry[], agent: Agent, writes: readonly Write[]): void {
  for (const stream of ["stdout", "stderr"] as const)
    expect(bytesOf(store, stream)).toEqual(withoutDebug(writes, stream));
  expectContiguous(store, agent.spool.length);
  const bytes = (of: "stdoutBytes" | "stderrBytes") =>
    gapsOf(store).reduce((sum, gap) => sum + (gap[of] ?? 0), 0);
  expect(bytes("stdoutBytes") + bytesOf(store, "stdout").length).toBe(agent.report.stdout.bytes);
  expect(bytes("stderrBytes") + bytesOf(store, "stderr").length).toBe(agent.report.stderr.bytes);
  expect(gapsOf(store).every(({ reason }) => reason === "debug-dropped")).toBe(true);
}

describe("where DEBUG lines are dropped", () => {
  test("the rest of the log is there, shown and stored, and the bytes add up", async () => {
    await fc.assert(
      fc.asyncProperty(pieces, every, async (writes, markEvery) => {
        const [store, world, agent] = [memoryLog(), newWorld(), agentOf(writes, markEvery)];
        const log = await keeperOf(store, world, true);
        await follow(log, agent.wire, spoolOf(agent), { chunk: 997 });
        const summary = await complete(log, agent, spoolOf(agent));
        expect(summary.complete).toBe(true);
        expectDropped(store.entries, agent, writes);
        expect(world.shown.some(isDebug)).toBe(false);
        expect(bytesOf(world.shown, "stdout")).toEqual(withoutDebug(writes, "stdout"));
      }),
    );
  });

  test("a driver that takes over anywhere goes on, also in the middle of a long line", async () => {
    await fc.assert(
      fc.asyncProperty(pieces, every, fc.nat(), fc.boolean(), async (writes, markEvery, cutAt, fromSpool) => {
        const [store, world, agent] = [memoryLog(), newWorld(), agentOf(writes, markEvery)];
        const cut = cutAt % (agent.wire.length + 1);
        // Dies with what it has in its hands.
        await follow(await keeperOf(store, world, true), agent.wire.subarray(0, cut), spoolOf(agent));
        const next = await keeperOf(store, world, true);
        if (!fromSpool)
          await follow(next, agent.wire, spoolOf(agent), {
            fromStart: next.position.sequence === 0,
            chunk: 997,
          });
        expect(await complete(next, agent, spoolOf(agent))).toMatchObject({ complete: true });
        expectDropped(store.entries, agent, writes);
      }),
    );
  });

  test("also where there is no space for a while", async () => {
    await fc.assert(
      fc.asyncProperty(
        pieces,
        every,
        fc.nat({ max: 20_000 }),
        fc.nat(),
        async (writes, markEvery, room, backAt) => {
          const [store, world, agent] = [memoryLog(), newWorld(), agentOf(writes, markEvery)];
          store.room = room;
          const log = await keeperOf(store, world, true);
          await follow(log, agent.wire, spoolOf(agent), {
            chunk: 997,
            onChunk: (at) => {
              if (at >= backAt % (agent.wire.length + 1)) store.room = Infinity;
              world.now += 60_000;
            },
          });
          store.room = Infinity;
          expect(await complete(log, agent, spoolOf(agent))).toMatchObject({ complete: true });
          expectDropped(store.entries, agent, writes);
        },
      ),
    );
  });

  test("also where the agent brings its log to the queue itself, dropped or not", async () => {
    await fc.assert(
      fc.asyncProperty(pieces, every, fc.nat(), async (writes, markEvery, toldAt) => {
        const [world, agent] = [newWorld(), agentOf(writes, markEvery)];
        const told = agent.spool.slice(0, toldAt % (agent.spool.length + 1));
        const levels = agentLevels(told);
        const store = memoryLog(levels);
        const log = await keeperOf(store, world, true);
        await follow(log, agent.wire, spoolOf(agent), { chunk: 997 });
        expect(await complete(log, agent, spoolOf(agent))).toMatchObject({ complete: true });
        expectContiguous(store.entries, agent.spool.length);
        const all = (of: "stdoutBytes" | "stderrBytes", stream: StreamName) =>
          gapsOf(store.entries).reduce(
            (sum, gap) => sum + (gap[of] ?? 0),
            bytesOf(store.entries, stream).length,
          );
        expect(all("stdoutBytes", "stdout")).toBe(agent.report.stdout.bytes);
        expect(all("stderrBytes", "stderr")).toBe(agent.report.stderr.bytes);
      }),
    );
  });

  test("a driver that takes over and keeps them finds nothing wrong with what was dropped before", async () => {
    const writes = [text("stdout", "DEBUG: a\nb\n"), text("stdout", "DEBUG: c\nd\n")];
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(writes, 1)];
    const before = await keeperOf(store, world, true);
    await before.store(agent.spool.slice(0, 2));
    const summary = await complete(await keeperOf(store, world), agent, spoolOf(agent));
    expect(summary.complete).toBe(true);
    expect(store.entries.map(({ kind }) => kind)).toEqual(["gap", "output", "output", "output"]);
  });

  test("a log of nothing else is one gap a minute", async () => {
    const writes = Array.from({ length: 300 }, (_, n) => text("stdout", `DEBUG: ${String(n)}\n`));
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(writes, 1)];
    const log = await keeperOf(store, world, true);
    for (const [index, entry] of agent.spool.entries()) await log.store([{ ...entry, time: index * 1000 }]);
    await log.flush();
    expect(gapsOf(store.entries).map(({ sequence }) => sequence)).toEqual([1, 61, 121, 181, 241]);
    expect(log.position).toEqual({ sequence: 300, stdoutBytes: agent.report.stdout.bytes, stderrBytes: 0 });
  });
});

function agentLevels(entries: readonly LogEntry[]): readonly LogEntry[] {
  return entries.map((entry) => (entry.kind === "output" ? { ...entry, level: "INFO" } : entry));
}
