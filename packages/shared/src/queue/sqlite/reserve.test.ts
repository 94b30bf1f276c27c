import { codeOf } from "../../domain/error-code.ts";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimed, createWorld, line, newTask, resultOf } from "../queue.harness.ts";
import type { Lease, Queue } from "../queue.ts";
import { checkSqlite } from "./check.ts";
import { freeBytes, reserveBytes, reservePath } from "./reserve.ts";
import { openAt, scratchDirectory } from "./sqlite.harness.ts";

/** Only root mounts; elsewhere the test says that it was skipped. */
const isRoot = process.getuid?.() === 0 && process.platform === "linux";

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await scratchDirectory();
  path = join(directory, "keruta.db");
});
afterEach(() => rm(directory, { recursive: true }));

const reserveSize = () => statSync(reservePath(path), { throwIfNoEntry: false })?.size;

test("a new queue has real bytes in reserve, its owner's alone", async () => {
  await (await openAt(path, createWorld())).close();
  const { size, blocks, mode } = statSync(reservePath(path));
  expect(size).toBe(reserveBytes);
  expect(blocks * 512).toBeGreaterThanOrEqual(reserveBytes);
  expect(mode & 0o777).toBe(0o600);
});

describe.skipIf(!isRoot)("on a disk that others have filled (needs root)", () => {
  const world = createWorld();
  const queues: Queue[] = [];
  const open = async () => {
    const queue = await openAt(path, world);
    queues.push(queue);
    return queue;
  };
  beforeEach(() => execFileSync("mount", ["-t", "tmpfs", "-o", "size=12m", "tmpfs", directory]));
  afterEach(async () => {
    for (const queue of queues.splice(0)) await queue.close();
    execFileSync("umount", [directory]);
  });
  const filler = () => join(directory, "of-others");
  const fillDisk = () => {
    const file = openSync(filler(), "a");
    try {
      for (const bytes of [1 << 16, 4096, 1]) {
        for (;;) writeSync(file, new Uint8Array(bytes));
      }
    } catch (error) {
      if (codeOf(error) !== "ENOSPC") throw error;
    } finally {
      closeSync(file);
    }
    expect(freeBytes(path)).toBe(0);
  };
  const start = async (queue: Queue) => {
    await queue.addTask(newTask());
    return (await claimed(queue, world.holder(1))).lease;
  };
  const full = { code: "KRT_DB_FULL" };
  const noise = (sequence: number) => line(sequence, randomBytes(5000).toString("base64").slice(0, 6000));
  const appendNoise = async (queue: Queue, lease: Lease, from: number) => {
    for (let next = from; ; next += 10) {
      const entries = Array.from({ length: 10 }, (_, index) => noise(next + index));
      await queue.appendLog(lease, entries);
    }
  };
  const gap = (sequence: number) =>
    ({
      kind: "gap",
      sequence,
      lastSequence: sequence,
      time: 1,
      stdoutBytes: 1,
      stderrBytes: 0,
      reason: "disk-full",
      why: "no space",
    }) as const;

  test("what runs keeps its lease, gets its gap and its result; new work is refused", async () => {
    const queue = await open();
    const leases: Lease[] = [];
    for (let n = 0; n < 30; n += 1) leases.push(await start(queue));
    fillDisk();
    const [first] = leases as [Lease];
    await expect(appendNoise(queue, first, 1)).rejects.toMatchObject(full);
    for (let beat = 0; beat < 20; beat += 1) {
      const renewed = await Promise.all(leases.map((lease) => queue.renewLease(lease)));
      expect(renewed.every(({ held }) => held)).toBe(true);
    }
    await expect(queue.addTask(newTask())).rejects.toMatchObject(full);
    for (const lease of leases) {
      const { sequence } = await queue.appendLog(lease, []);
      await queue.appendLog(lease, [gap(sequence + 1)]);
      expect(await queue.settle(lease, resultOf(), null)).toMatchObject({ status: "COMPLETED" });
    }
  });

  test.each([0, 1, 2, 3])("a log that fills it leaves room for the end (%i)", async (offset) => {
    // Where the WAL stands when the disk is full differs by what came before.
    const queue = await open();
    const lease = await start(queue);
    await queue.appendLog(
      lease,
      Array.from({ length: 40 * offset + 1 }, (_, index) => noise(index + 1)),
    );
    await expect(appendNoise(queue, lease, 40 * offset + 2)).rejects.toMatchObject(full);
    const { sequence } = await queue.appendLog(lease, []);
    await queue.appendLog(lease, [gap(sequence + 1)]);
    for (let beat = 0; beat < 50; beat += 1) await queue.renewLease(lease);
    await queue.settle(lease, resultOf(), null);
    expect(await checkSqlite({ path })).toEqual([]);
  });

  test("another process's log does not take what was given up, and goes on when there is room", async () => {
    const [one, other] = [await open(), await open()];
    const [ending, logging] = [await start(one), await start(one)];
    fillDisk();
    await expect(appendNoise(other, logging, 1)).rejects.toMatchObject(full);
    await one.settle(ending, resultOf(), null);
    expect(reserveSize()).not.toBe(reserveBytes);
    const { sequence } = await other.appendLog(logging, []);
    await expect(appendNoise(other, logging, sequence + 1)).rejects.toMatchObject(full);
    expect(await other.renewLease(logging)).toMatchObject({ held: true });

    rmSync(filler());
    // It is looked at once a second.
    world.now += 1000;
    await other.appendLog(logging, [noise(sequence + 1)]);
    expect(reserveSize()).toBe(reserveBytes);
  });

  test("who looks at the queue or removes from it can open it", async () => {
    const before = await open();
    const lease = await start(before);
    const { id } = await before.settle(lease, resultOf(), null);
    for (const queue of queues.splice(0)) await queue.close();
    fillDisk();
    const queue = await open();
    expect((await queue.getTask(id))?.status).toBe("COMPLETED");
    await queue.deleteTask(id);
    expect(await queue.getTask(id)).toBeUndefined();
  });
});
