import { describe, expect, test } from "vitest";
import type { StreamName } from "@keruta/shared/domain";
import type { LogStore } from "@keruta/shared/queue";
import { closeLog } from "./complete-log.ts";
import { agentOf, bytesOf, memoryLog, written } from "./follow.harness.ts";
import {
  complete,
  expectContiguous,
  follow,
  gapsOf,
  keeperOf,
  lines,
  newWorld,
  noSpool,
  spoolOf,
  text,
} from "./log-keeper.harness.ts";

describe("what a kubelet leaves out of a burst", () => {
  const burst = Array.from({ length: 4000 }, (_, n) =>
    text("stdout", `line ${String(n)} ${"x".repeat(100)}\n`),
  );
  const without = (wire: Uint8Array, from: number, to: number) => {
    const records = Buffer.from(wire).toString("latin1").split("\n");
    records.splice(from, to - from);
    return new Uint8Array(Buffer.from(records.join("\n"), "latin1"));
  };

  test.each([
    [0, 700],
    [0, 1700],
    [1500, 1540],
    [2990, 3020],
  ])("is never shown as other lines: records %i to %i", async (from, to) => {
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(burst, 1000)];
    const log = await keeperOf(store, world);
    await follow(log, without(agent.wire, from, to), spoolOf(agent), { chunk: 5000 });
    await complete(log, agent, spoolOf(agent));
    expect(bytesOf(world.shown, "stdout").equals(written(burst, "stdout"))).toBe(true);
  });

  test("nor after a connection that began in the middle of the burst", async () => {
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(burst, 1000)];
    const log = await keeperOf(store, world);
    const late = agent.wire.subarray(agent.wire.indexOf("\n") + 1);
    await follow(log, without(late, 1004, 1040), spoolOf(agent), { chunk: 5000 });
    await complete(log, agent, spoolOf(agent));
    expect(bytesOf(world.shown, "stdout").equals(written(burst, "stdout"))).toBe(true);
  });

  test("a line now and then is shown before its mark", async () => {
    const [store, world, agent] = [memoryLog(), newWorld(), agentOf(burst.slice(0, 20), 1000)];
    const log = await keeperOf(store, world);
    await follow(log, agent.wire.subarray(0, 1000), spoolOf(agent), { chunk: 100 });
    expect([world.shown.length > 5, store.entries.length]).toEqual([true, 0]);
  });
});

test("a line after a gap has its own level, though the gap is in the middle of a line", async () => {
  const store = memoryLog();
  const log = await keeperOf(store, newWorld());
  const output = { kind: "output", time: 1, stream: "stdout", level: "INFO" } as const;
  await log.store([{ ...output, sequence: 1, bytes: Buffer.from("ERROR that goes"), newline: false }]);
  await log.giveUp({
    kind: "gap",
    sequence: 2,
    lastSequence: 2,
    time: 1,
    stdoutBytes: null,
    stderrBytes: 0,
    reason: "rotated",
    why: "w",
  });
  await log.store([{ ...output, sequence: 3, bytes: Buffer.from("another line"), newline: true }]);
  expect(store.entries.at(-1)).toMatchObject({ sequence: 3, level: "INFO" });
});

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
