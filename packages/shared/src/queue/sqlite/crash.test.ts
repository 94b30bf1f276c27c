import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isTerminal } from "../../domain/task/status.ts";
import { createProcessTable } from "../process-table.ts";
import { resultOf, terms } from "../queue.harness.ts";
import type { Queue } from "../queue.ts";
import { backupSqlite } from "./backup.ts";
import { checkSqlite } from "./check.ts";
import { startDriver } from "./fixtures/start.ts";
import { crashPoints, openSqliteQueue } from "./index.ts";
import { restoreSqlite } from "./restore.ts";
import { scratchDirectory } from "./sqlite.harness.ts";

const processes = createProcessTable({ platform: process.platform, pid: process.pid });
const clock = () => Date.now();

describe("a process killed at", () => {
  const points = crashPoints.filter(({ name }) => !name.startsWith("restore:"));
  test.concurrent.each(points)(
    "$name ($at) leaves a queue that goes on",
    { timeout: 30_000 },
    async ({ name }) => {
      const own = await scratchDirectory();
      const file = join(own, "keruta.db");
      const ended = await startDriver(process.execPath, file, "live", name);
      expect(ended).toMatchObject({ signal: "SIGKILL" });
      const queue = await openSqliteQueue({ path: file, processes, clock, random: randomBytes });
      try {
        const results = await settledResults(queue);
        await expectKept(queue, ended.lines);
        await finishAll(queue);
        for (const task of (await queue.listTasks({})).items) expect(isTerminal(task.status)).toBe(true);
        // What had a result before has the same one now.
        const after = await settledResults(queue);
        for (const [attempt, result] of results) expect(after.get(attempt)).toEqual(result);
        expect((await queue.readSettings()).length).toBeLessThanOrEqual(1);
      } finally {
        await queue.close();
      }
      expect(await checkSqlite({ path: file })).toEqual([]);
      await rm(own, { recursive: true });
    },
  );
});

test.each(["restore:verified", "restore:renamed"])(
  "a restore that dies at %s leaves the old or the new queue whole",
  async (point) => {
    const directory = await scratchDirectory();
    const path = join(directory, "keruta.db");
    await startDriver(process.execPath, path, "add");
    const copy = join(directory, "copy.db");
    await backupSqlite({ path, to: copy, random: randomBytes });
    await startDriver(process.execPath, path, "add");
    const crash = new Error("dies here");
    const restored = restoreSqlite({
      from: copy,
      path,
      processes,
      clock,
      random: randomBytes,
      crashPoint: (name) => {
        if (name === point) throw crash;
      },
    });
    await expect(restored).rejects.toBe(crash);
    expect(await checkSqlite({ path })).toEqual([]);
    const queue = await openSqliteQueue({ path, processes, clock, random: randomBytes });
    expect((await queue.queueStatus()).counts.PENDING).toBe(point === "restore:verified" ? 2 : 1);
    await queue.close();
    await rm(directory, { recursive: true });
  },
);

/** Promise 1: what the process was told is in the queue is there. */
async function expectKept(queue: Queue, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const [said, id = ""] = line.split(" ");
    const task = await queue.getTask(id);
    expect(task).toBeDefined();
    const first = said === "settled" ? { reason: "Error", exitCode: 7 } : {};
    expect(task?.attempts[0] ?? {}).toMatchObject(first);
  }
}

async function settledResults(queue: Queue): Promise<Map<string, unknown>> {
  const results = new Map<string, unknown>();
  for (const { id } of (await queue.listTasks({})).items) {
    for (const attempt of (await queue.getTask(id))?.attempts ?? []) {
      if (attempt.reason !== null) results.set(`${id} ${String(attempt.number)}`, attempt);
    }
  }
  return results;
}

/** The next process: the dead one's lease counts as expired at once. */
async function finishAll(queue: Queue): Promise<void> {
  const claim = () => queue.claim(terms(processes.self));
  for (let next = await claim(); next; next = await claim()) {
    // The log came in one piece, and is there whole or not at all.
    expect([0, 100]).toContain(next.logPosition.sequence);
    const reason = next.task.cancelRequestedAt === null ? "Completed" : "Cancelled";
    await queue.settle(next.lease, resultOf({ reason }), null);
  }
}
