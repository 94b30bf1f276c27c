import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDebug, type LogEntry, type StreamName } from "@keruta/shared/domain";
import { agentOf, bytesOf, memoryLog, written, type Write } from "./follow.harness.ts";
import {
  complete,
  detect,
  expectContiguous,
  follow,
  gapsOf,
  keeperOf,
  newWorld,
  spoolOf,
  text,
  type Agent,
} from "./log-keeper.harness.ts";

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
        if (!fromSpool) await follow(next, agent.wire, spoolOf(agent), { chunk: 997 });
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
