import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  claimed,
  failure,
  lost,
  newTask,
  resultOf,
  terms,
  type OpenHarness,
  type QueueHarness,
  type World,
} from "./queue.harness.ts";
import type { Queue } from "./queue.ts";

const digest = "0f".repeat(32);

/** What every queue does, whatever it is made of. */
export function describeQueue(name: string, open: OpenHarness): void {
  describe(`${name}: writing`, () => {
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
    const next = async () => (await queue.claim(terms(world.holder(1))))?.task.id;

    describe("adding", () => {
      test("keeps every field and survives a new start", async () => {
        const written = {
          title: "日本語 `\"'\n",
          description: "x".repeat(100_000),
          priority: -3,
          labels: { team: "docs", b: "" },
          spec: { script: "echo $X", env: { A: "1" }, namespace: "ns" },
        };
        const { task, created } = await queue.addTask({ ...newTask(written), requestId: "r1" });
        expect(created).toBe(true);
        expect(task).toMatchObject({
          ...written,
          status: "PENDING",
          requestId: "r1",
          createdBy: harness.author ?? "me",
          attempts: [],
        });
        const again = await (await harness.reopen()).getTask(task.id);
        expect(again).toMatchObject(written);
      });

      test("answers the same request id with the task of then, and refuses other content", async () => {
        const first = await queue.addTask({ ...newTask({ labels: { a: "1", b: "2" } }), requestId: "r" });
        const second = await queue.addTask({ ...newTask({ labels: { b: "2", a: "1" } }), requestId: "r" });
        expect(second).toMatchObject({ created: false, claim: null, task: { id: first.task.id } });
        const other = queue.addTask({ ...newTask({ title: "other" }), requestId: "r" });
        await expect(other).rejects.toMatchObject({ code: "KRT_REQUEST_ID_CONFLICT" });
        expect((await queue.queueStatus()).counts.PENDING).toBe(1);
      });

      test("leases in the same step when asked, though the task is held", async () => {
        const task = newTask({ spec: { hold: true } });
        const added = await queue.addTask({ ...task, claim: terms(world.holder(1)) });
        expect(added.claim).toMatchObject({ attemptsMade: 1, takenOver: false, lease: { attempt: 1 } });
        expect(added.task.status).toBe("IN_PROGRESS");
      });

      test("refuses on a key in use, with nothing added, and replaces the older task when asked", async () => {
        const key = (onConflict: "refuse" | "replace" | "wait") => ({
          spec: { concurrency: { key: "k", limit: 1, onConflict } },
        });
        const old = await add(key("wait"));
        await expect(add(key("refuse"))).rejects.toMatchObject({ code: "KRT_CONCURRENCY_REFUSED" });
        expect((await queue.queueStatus()).counts.PENDING).toBe(1);
        const young = await add(key("replace"));
        expect((await queue.getTask(old))?.status).toBe("CANCELLED");
        expect(await next()).toBe(young);
        await add(key("replace"));
        expect(await queue.getTask(young)).toMatchObject({
          status: "IN_PROGRESS",
          cancelRequestedAt: expect.any(String),
        });
      });
    });

    describe("claiming", () => {
      test("goes by priority, then age", async () => {
        const [a, b, c, d] = [
          await add(),
          await add({ priority: 5 }),
          await add({ priority: -1 }),
          await add({ priority: 5 }),
        ];
        expect([await next(), await next(), await next(), await next(), await next()]).toEqual([
          b,
          d,
          a,
          c,
          undefined,
        ]);
      });

      test("skips held, not yet due and blocked tasks, and all but named ones while paused", async () => {
        const held = await add({ spec: { hold: true }, priority: 9 });
        const later = await add({ spec: { notBefore: "2026-01-01T00:00:10.000Z" }, priority: 8 });
        const keyed = { spec: { concurrency: { key: "k", limit: 1 } } };
        const [one, two, free] = [await add(keyed), await add(keyed), await add()];
        await queue.setPaused(true);
        expect(await next()).toBeUndefined();
        expect((await queue.claim({ ...terms(world.holder(1)), taskId: held }))?.task.id).toBe(held);
        expect(await queue.claim({ ...terms(world.holder(1)), taskId: later })).toBeUndefined();
        await queue.setPaused(false);
        const first = await claimed(queue, world.holder(1));
        expect(first.task.id).toBe(one);
        expect([await next(), await next()]).toEqual([free, undefined]);
        world.now += 10_000;
        expect(await next()).toBe(later);
        await queue.settle(first.lease, resultOf(), null);
        expect(await next()).toBe(two);
      });

      test("gives a driver only what it can run", async () => {
        const cluster = await add({ spec: { runner: "kubernetes" } });
        const any = await add();
        const local = terms(world.holder(1), { runners: ["local"] });
        expect((await queue.claim(local))?.attempt.runner).toBe("local");
        expect(await queue.claim(local)).toBeUndefined();
        expect((await queue.getTask(any))?.status).toBe("IN_PROGRESS");
        const forced = await queue.claim({ ...local, forceRunner: "local" });
        expect(forced).toMatchObject({ task: { id: cluster }, attempt: { runner: "local", number: 1 } });
      });

      test("takes over what expired, once, with a new token; the old one writes nothing", async () => {
        await add();
        const first = await claimed(queue, world.holder(1));
        await queue.recordAttempt(first.lease, { jobUid: "u", submission: "created", cluster: "c1" });
        expect(await next()).toBeUndefined();
        world.now += 60_000;
        expect(await queue.claim(terms(world.holder(2), { cluster: "c2" }))).toBeUndefined();
        const second = await queue.claim(terms(world.holder(2), { cluster: "c1" }));
        expect(second).toMatchObject({
          takenOver: true,
          jobUid: "u",
          submission: "created",
          attempt: { number: 1 },
        });
        expect(second?.lease.token).not.toBe(first.lease.token);
        expect(await next()).toBeUndefined();
        const stale = { code: "KRT_LEASE_LOST" };
        expect(await queue.renewLease(first.lease)).toEqual({ held: false });
        await expect(queue.recordAttempt(first.lease, { phase: "Running" })).rejects.toMatchObject(stale);
        await expect(queue.recordProgress(first.lease, { percent: 1, message: "" })).rejects.toMatchObject(
          stale,
        );
        await expect(queue.appendLog(first.lease, [])).rejects.toMatchObject(stale);
        await expect(queue.recordArtifacts(first.lease, [])).rejects.toMatchObject(stale);
        await expect(queue.settle(first.lease, resultOf(), null)).rejects.toMatchObject(stale);
        await expect(queue.releaseLease(first.lease)).rejects.toMatchObject(stale);
      });

      test("takes over at once from a holder that is provably dead, not from one elsewhere", async () => {
        await add();
        await add();
        const gone = world.holder(7);
        await claimed(queue, gone);
        await claimed(queue, { ...world.holder(8), pidNamespace: "pid:[2]" });
        world.kill(gone);
        world.kill(world.holder(8));
        expect(await queue.claim(terms(world.holder(1)))).toMatchObject({ takenOver: true });
        expect(await next()).toBeUndefined();
      });

      test("a lease lasts 60 s from its last renewal; a released one ends at once", async () => {
        await add();
        const { lease } = await claimed(queue, world.holder(1));
        world.now += 50_000;
        expect(await queue.renewLease(lease)).toMatchObject({ held: true, cancelRequested: false });
        world.now += 59_999;
        expect(await next()).toBeUndefined();
        await queue.releaseLease(lease);
        expect(await queue.renewLease(lease)).toEqual({ held: false });
        expect(await queue.claim(terms(world.holder(2)))).toMatchObject({ takenOver: true });
      });
    });

    describe("settling", () => {
      test("writes one result, and the same lease again changes nothing", async () => {
        await add();
        const { lease } = await claimed(queue, world.holder(1));
        const result = resultOf({ artifacts: { status: "Partial", files: 1, bytes: 2, message: "m" } });
        const settled = await queue.settle(lease, result, null);
        expect(settled).toMatchObject({ status: "COMPLETED", attempt: { ...result, phase: "Done" } });
        expect(await queue.settle(lease, failure, null)).toEqual(settled);
        await expect(queue.settle({ ...lease, token: "x" }, failure, null)).rejects.toMatchObject({
          code: "KRT_LEASE_LOST",
        });
        expect(await queue.cancelTask(settled.id, "me")).toMatchObject({ outcome: "unchanged" });
        expect(await next()).toBeUndefined();
      });

      test("with retry the task is PENDING again and waits until then; FAILED leaves only by a person", async () => {
        const id = await add();
        const first = await claimed(queue, world.holder(1));
        const notBefore = new Date(world.now + 5000).toISOString();
        expect(await queue.settle(first.lease, lost, { notBefore })).toMatchObject({ status: "PENDING" });
        expect((await queue.getTask(id))?.pending).toMatchObject({
          blockedBy: "notBefore",
          details: { notBefore },
        });
        await expect(queue.retryTask(id, "me")).rejects.toMatchObject({ code: "KRT_STATUS_CONFLICT" });
        world.now += 5000;
        const second = await claimed(queue, world.holder(1));
        expect(second).toMatchObject({
          attemptsMade: 2,
          attempt: { number: 2 },
          task: { attempts: [{ reason: "DriverLost" }, {}] },
        });
        expect((await queue.settle(second.lease, failure, null)).status).toBe("FAILED");
        await queue.retryTask(id, "me");
        expect(await claimed(queue, world.holder(1))).toMatchObject({
          attemptsMade: 1,
          attempt: { number: 3 },
        });
      });

      test("a task that was asked to be cancelled does not run again", async () => {
        const id = await add();
        const { lease } = await claimed(queue, world.holder(1));
        expect(await queue.cancelTask(id, "you")).toMatchObject({ outcome: "requested" });
        expect(await queue.renewLease(lease)).toMatchObject({ cancelRequested: true });
        const notBefore = new Date(world.now).toISOString();
        expect((await queue.settle(lease, lost, { notBefore })).status).toBe("CANCELLED");
      });

      test("a cancel after the end changes no result", async () => {
        for (const [result, status] of [
          [resultOf(), "COMPLETED"],
          [failure, "FAILED"],
        ] as const) {
          const id = await add();
          const { lease } = await claimed(queue, world.holder(1));
          await queue.cancelTask(id, "you");
          expect((await queue.settle(lease, result, null)).status).toBe(status);
        }
      });
    });

    test("changes and deletes only what may be", async () => {
      const id = await add({ labels: { a: "1" } });
      const change = { priority: 4, labels: { b: "2" }, spec: { hold: true } };
      expect(await queue.updateTask(id, change)).toMatchObject({
        ...change,
        title: "t",
        pending: { blockedBy: "held" },
      });
      expect(await queue.listLabels()).toEqual([{ key: "b", value: "2" }]);
      await queue.claim({ ...terms(world.holder(1)), taskId: id });
      await expect(queue.updateTask(id, {})).rejects.toMatchObject({ code: "KRT_STATUS_CONFLICT" });
      await expect(queue.deleteTask(id)).rejects.toMatchObject({ code: "KRT_STATUS_CONFLICT" });
      const done = await add();
      await queue.deleteTask(done);
      expect(await queue.getTask(done)).toBeUndefined();
      await expect(queue.deleteTask(done)).rejects.toMatchObject({ code: "KRT_TASK_NOT_FOUND" });
    });

    test("keeps settings and artifacts", async () => {
      const [a, b] = ["keruta.kubernetes.default-image", "keruta.kubernetes.default-namespace"] as const;
      await queue.writeSettings({ [a]: "1", [b]: "2" }, "me");
      await queue.writeSettings({ [a]: null, [b]: "3" }, "you");
      const updatedBy = harness.author ?? "you";
      expect(await queue.readSettings()).toMatchObject([{ key: b, value: "3", updatedBy }]);
      const id = await add();
      const { lease } = await claimed(queue, world.holder(1));
      const files = [{ path: "a/b", bytes: 3, sha256: digest, skipped: null }];
      await queue.recordArtifacts(lease, [{ path: "x", bytes: 9, sha256: null, skipped: "too-large" }]);
      await queue.recordArtifacts(lease, files);
      expect(await queue.listArtifacts(id, 1)).toEqual(files);
      await queue.recordAttempt(lease, { local: { directory: "/w" } });
      expect(await queue.localRun(id, 1)).toEqual({ directory: "/w" });
    });

    test("a write that fails takes nothing of its neighbours with it", async () => {
      const id = await add();
      const outcomes = await Promise.allSettled([
        queue.cancelTask("nosuchtask", "me"),
        queue.updateTask(id, { title: "new" }),
        queue.retryTask(id, "me"),
        queue.addTask(newTask()),
      ]);
      const statuses = outcomes.map(({ status }) => status === "fulfilled");
      expect(statuses).toEqual([false, true, false, true]);
      expect(await queue.getTask(id)).toMatchObject({ title: "new" });
      expect((await queue.queueStatus()).counts.PENDING).toBe(2);
    });
  });
}
