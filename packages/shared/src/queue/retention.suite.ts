import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Retention } from "../domain/retention/expired.ts";
import {
  claimed,
  line,
  newTask,
  resultOf,
  textOf,
  type OpenStoreHarness,
  type StoreHarness,
} from "./queue.harness.ts";
import type { Removed } from "./retention.ts";

const usual: Retention = {
  logs: 30_000,
  archivedLogs: 0,
  artifacts: 60_000,
  tasks: 90_000,
  isArchiving: false,
};
const nothing = { logs: 0, artifacts: 0, tasks: 0 };

/** What is over its time goes, and nothing else. */
export function describeRetention(name: string, open: OpenStoreHarness): void {
  describe(`${name}: retention`, () => {
    let harness: StoreHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.dispose());

    const ended = async (change: Parameters<typeof newTask>[0] = {}, lines = 1) => {
      const { queue, world } = harness;
      await queue.addTask(newTask(change));
      const { lease } = await claimed(queue, world.holder(1));
      const entries = Array.from({ length: lines }, (_, n) =>
        line(n + 1, `line ${String(n)} ${"x".repeat(7000)}`),
      );
      await queue.appendLog(lease, entries);
      await queue.recordArtifacts(lease, [{ path: "a", bytes: 1, sha256: "00".repeat(32), skipped: null }]);
      const log = { bytes: 7, sha256: "00", complete: true };
      await queue.settle(lease, resultOf({ log }), null);
      return lease.taskId;
    };
    const remove = async (): Promise<{ removed: Removed; calls: number }> => {
      let [from, calls]: [number | null, number] = [0, 0];
      const sum = { ...nothing };
      while (from !== null) {
        const page = await harness.retention.removeExpired(usual, from);
        for (const what of ["logs", "artifacts", "tasks"] as const) sum[what] += page.removed[what];
        ({ next: from } = page);
        calls += 1;
      }
      return { removed: sum, calls };
    };

    test("log, artifacts and task go each in their time, and it is said of the log", async () => {
      const { queue, world } = harness;
      const id = await ended();
      expect((await remove()).removed).toEqual(nothing);
      world.now += 30_000;
      expect((await remove()).removed).toEqual({ ...nothing, logs: 1 });
      expect(await textOf(queue, { taskId: id, attempt: 1 })).toBe("");
      const removedAt = new Date(world.now).toISOString();
      expect((await queue.getTask(id))?.attempt?.log).toEqual({
        bytes: 7,
        sha256: "00",
        complete: true,
        removedAt,
      });
      world.now += 30_000;
      expect((await remove()).removed).toEqual({ ...nothing, artifacts: 1 });
      expect(await queue.listArtifacts(id, 1)).toEqual([]);
      world.now += 30_000;
      expect((await remove()).removed).toEqual({ ...nothing, tasks: 1 });
      expect(await queue.getTask(id)).toBeUndefined();
      expect(await queue.readEvents({ after: 0, taskId: id })).toEqual([]);
      expect((await remove()).removed).toEqual(nothing);
    });

    test("no event comes under a number that was seen, though the newest go with their tasks", async () => {
      const { queue, world } = harness;
      const first = await ended();
      await ended();
      for (const _ of [1, 2]) {
        const seen = await queue.lastEventSeq();
        world.now += 90_000;
        expect((await remove()).removed.tasks).toBeGreaterThan(0);
        expect(await queue.readEvents({ after: 0 })).toEqual([]);
        const { task } = await queue.addTask(newTask());
        expect(await queue.readEvents({ after: seen })).toMatchObject([{ taskId: task.id }]);
        await queue.cancelTask(task.id, "me");
        expect((await queue.readEvents({ after: 0 })).map(({ taskId }) => taskId)).toEqual([
          task.id,
          task.id,
        ]);
      }
      expect(await queue.readEvents({ after: 0, taskId: first })).toEqual([]);
    });

    test("what has not ended stays, and what a task asks to keep", async () => {
      const { queue, world } = harness;
      const kept = await ended({ spec: { retention: { logs: "10m", artifacts: "10m" } } });
      const waiting = (await queue.addTask(newTask())).task.id;
      world.now += 500_000;
      expect((await remove()).removed).toEqual(nothing);
      expect((await queue.getTask(kept))?.attempt?.log?.removedAt).toBeUndefined();
      expect((await queue.getTask(waiting))?.status).toBe("PENDING");
    });

    test("a long log goes in pieces, whoever else removes at the same time", async () => {
      const { world } = harness;
      await ended({}, 8000);
      world.now += 30_000;
      const [one, other] = await Promise.all([remove(), remove()]);
      expect(one.calls + other.calls).toBeGreaterThan(2);
      expect((await remove()).removed).toEqual(nothing);
    });

    test("more tasks than a page holds", { timeout: 60_000 }, async () => {
      const { queue, world } = harness;
      for (let n = 0; n < 250; n += 1) {
        const { task } = await queue.addTask(newTask());
        await queue.cancelTask(task.id, "me");
      }
      world.now += 90_000;
      expect((await remove()).removed).toEqual({ ...nothing, tasks: 250 });
      expect((await queue.listTasks({})).items).toEqual([]);
    });
  });
}
