import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  claimed,
  failure,
  newTask,
  resultOf,
  terms,
  type OpenHarness,
  type QueueHarness,
  type World,
} from "./queue.harness.ts";
import type { Queue, TaskPage } from "./queue.ts";

/** What a queue tells of its tasks. */
export function describeQueueReading(name: string, open: OpenHarness): void {
  describe(`${name}: reading`, () => {
    let harness: QueueHarness;
    let queue: Queue;
    let world: World;
    beforeEach(async () => {
      harness = await open();
      ({ queue, world } = harness);
    });
    afterEach(() => harness.dispose());

    const add = async (...args: Parameters<typeof newTask>) =>
      (await queue.addTask(newTask(...args))).task.id;

    test("tells where an attempt is and until when its driver has it, until it is settled", async () => {
      const id = await add();
      const { lease } = await claimed(queue, world.holder(1));
      expect((await queue.getTask(id))?.attempt).toMatchObject({
        context: null,
        leaseExpiresAt: "2026-01-01T00:01:00.000Z",
      });
      const context = { name: "blue", server: "https://blue.example" };
      await queue.recordAttempt(lease, { cluster: "c1", context });
      await queue.releaseLease(lease);
      expect((await queue.getTask(id))?.attempt).toMatchObject({
        cluster: "c1",
        context,
        leaseExpiresAt: "2026-01-01T00:00:00.000Z",
      });
      const again = await queue.claim(terms(world.holder(2), { cluster: "c1" }));
      if (!again) throw new Error("a lease that was given back is not to be had");
      expect(again.attempt.leaseExpiresAt).toBe("2026-01-01T00:01:00.000Z");
      const { attempt } = await queue.settle(again.lease, resultOf(), null);
      expect(attempt).toMatchObject({ context, leaseExpiresAt: null });
    });

    test("lists the workers that are alive with what each has to do", async () => {
      expect(await queue.listDrivers()).toEqual([]);
      for (const pid of [1, 2]) await queue.announceDriver(world.holder(pid));
      await add();
      await claimed(queue, world.holder(2));
      const aliveUntil = "2026-01-01T00:01:00.000Z";
      const driver = (pid: number, attempts: number) => ({
        name: `me@here:${String(pid)}`,
        aliveUntil,
        attempts,
      });
      expect(await queue.listDrivers()).toEqual([driver(1, 0), driver(2, 1)]);
      await queue.withdrawDriver(world.holder(2));
      expect(await queue.listDrivers()).toEqual([driver(1, 0)]);
      world.now += 60_000;
      expect(await queue.listDrivers()).toEqual([]);
    });

    test("tells why a task waits and what comes before it", async () => {
      const [low, high] = [await add(), await add({ priority: 1 })];
      const keyed = { spec: { concurrency: { key: "k" } }, priority: 9 };
      const user = await add(keyed);
      await claimed(queue, world.holder(1));
      const blocked = await add(keyed);
      expect((await queue.getTask(low))?.pending).toMatchObject({ blockedBy: "noDriver", position: 2 });
      await queue.announceDriver(world.holder(1));
      expect((await queue.getTask(high))?.pending).toMatchObject({ blockedBy: "priority", position: 1 });
      const { items } = await queue.listTasks({ statuses: ["PENDING"] });
      expect(items.map(({ id, pending }) => [id, pending?.blockedBy, pending?.position])).toEqual([
        [blocked, "concurrency", null],
        [high, "priority", 1],
        [low, "priority", 2],
      ]);
      expect(items[0]?.pending?.details).toMatchObject({ concurrencyKey: "k", heldBy: [user] });
      await queue.withdrawDriver(world.holder(1));
      expect((await queue.queueStatus()).drivers).toBe(0);
    });

    test("lists newest first in pages that added tasks do not move", async () => {
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) ids.unshift(await add());
      const first = await queue.listTasks({ limit: 2 });
      await add();
      const second = await queue.listTasks({ limit: 3, cursor: first.nextCursor ?? "" });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
      expect(second.nextCursor).toBeNull();
      await expect(queue.listTasks({ cursor: "junk" })).rejects.toMatchObject({ code: "KRT_USAGE" });
    });

    test.each(["newest", "oldest", "priority", "updated"] as const)(
      "lists by %s in pages that meet without a hole, and counts them all",
      async (order) => {
        const ids: string[] = [];
        for (const priority of [0, 5, -3, 5, 0]) {
          world.now += 1000;
          ids.push(await add({ priority }));
        }
        world.now += 1000;
        await queue.updateTask(ids[1] ?? "", { title: "changed" });
        const places = {
          newest: [4, 3, 2, 1, 0],
          oldest: [0, 1, 2, 3, 4],
          priority: [1, 3, 0, 4, 2],
          updated: [1, 4, 3, 2, 0],
        };
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: TaskPage = await queue.listTasks({
            order,
            limit: 2,
            counted: true,
            ...(cursor !== null && { cursor }),
          });
          expect(page.total).toBe(5);
          seen.push(...page.items.map(({ id }) => id));
          cursor = page.nextCursor;
        } while (cursor !== null);
        expect(seen).toEqual(places[order].map((n) => ids[n]));
        expect((await queue.listTasks({ search: "changed", counted: true })).total).toBe(1);
        expect((await queue.listTasks({})).total).toBeUndefined();
        const other = order === "newest" ? "priority" : "newest";
        const { nextCursor } = await queue.listTasks({ order: other, limit: 1 });
        await expect(queue.listTasks({ order, cursor: nextCursor ?? "" })).rejects.toMatchObject({
          code: "KRT_USAGE",
        });
      },
    );

    test("searches without regard to width and case, and by labels as Kubernetes does", async () => {
      const wide = await add({ title: "ＡＢＣ１００％", labels: { team: "docs" } });
      const other = await add({ description: "ｶﾀｶﾅ", labels: { team: "web" } });
      const bare = await add();
      const found = async (filter: Parameters<Queue["listTasks"]>[0]) =>
        (await queue.listTasks(filter)).items.map(({ id }) => id);
      expect(await found({ search: "abc100%" })).toEqual([wide]);
      expect(await found({ search: "カタカナ" })).toEqual([other]);
      expect(await found({ search: "_" })).toEqual([]);
      const key = "team";
      expect(await found({ labels: [{ key, operator: "In", values: ["docs", "x"] }] })).toEqual([wide]);
      expect(await found({ labels: [{ key, operator: "NotIn", values: ["docs"] }] })).toEqual([bare, other]);
      expect(await found({ labels: [{ key, operator: "Exists", values: [] }] })).toEqual([other, wide]);
      expect(await found({ labels: [{ key, operator: "DoesNotExist", values: [] }] })).toEqual([bare]);
      expect(await queue.listLabels()).toEqual([
        { key, value: "docs" },
        { key, value: "web" },
      ]);
    });

    test("finds a task by prefix or as the last one, and says who else it could be", async () => {
      const ids: string[] = [];
      for (let n = 0; n < 3; n += 1) ids.push(await add());
      const [id = ""] = ids;
      expect(await queue.resolveTaskId(id)).toBe(id);
      expect(await queue.resolveTaskId("@last")).toBe(ids[2]);
      for (const wrong of ["ab", id.slice(0, 2), "zzzzzzzzzz9", "", "%__"]) {
        await expect(queue.resolveTaskId(wrong)).rejects.toMatchObject({ code: "KRT_TASK_NOT_FOUND" });
      }
    });

    test("tells each change once, in order", async () => {
      const id = await add();
      const { lease } = await claimed(queue, world.holder(1));
      await queue.recordAttempt(lease, { phase: "Running" });
      await queue.recordProgress(lease, { percent: 40, message: "half" });
      await queue.settle(lease, failure, null);
      const events = await queue.readEvents({ after: 0, taskId: id });
      expect(events.map(({ type }) => type)).toEqual([
        "TaskAdded",
        "AttemptStarted",
        "PhaseChanged",
        "Progress",
        "AttemptFinished",
        "TaskFinished",
      ]);
      expect(await queue.readEvents({ after: events.at(-1)?.seq ?? 0 })).toEqual([]);
    });
  });
}
