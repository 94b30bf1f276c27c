import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimed, createWorld, failure, line, newTask, terms, textOf } from "../queue.harness.ts";
import type { Queue } from "../queue.ts";
import { expectSound, openAt, server, testDatabase } from "./postgres.harness.ts";

/** What people and drivers do to one task at the same time comes one after the other, whatever the order is. */
describe.skipIf(!server)("on one task at once", () => {
  const database = testDatabase();
  const world = createWorld();
  let url: string;
  let queues: readonly [Queue, Queue, Queue];
  beforeEach(async () => {
    url = await database.newSchema();
    queues = [await openAt(url, world), await openAt(url, world), await openAt(url, world)];
  });
  afterEach(async () => {
    for (const queue of queues) await queue.close();
    await expectSound(url);
  });

  const rounds = Array.from({ length: 25 }, (_, n) => n);
  const eventsOf = async (taskId: string) =>
    (await queues[0].readEvents({ after: 0, taskId })).map(({ type }) => type);

  test("a cancel and a claim: it never starts, or its driver is asked", async () => {
    for (const _ of rounds) {
      const { task } = await queues[0].addTask(newTask());
      const [claim, first, second] = await Promise.all([
        queues[0].claim(terms(world.holder(1))),
        queues[1].cancelTask(task.id, "you"),
        queues[2].cancelTask(task.id, "they"),
      ]);
      const events = await eventsOf(task.id);
      const isClaimed = claim !== undefined;
      expect([first.outcome, second.outcome].toSorted()).toEqual(
        isClaimed ? ["requested", "requested"] : ["cancelled", "unchanged"],
      );
      expect(events).toEqual(
        isClaimed ? ["TaskAdded", "AttemptStarted", "TaskCancelRequested"] : ["TaskAdded", "TaskFinished"],
      );
    }
  });

  test("a change, a delete and a claim: each sees what the one before left", async () => {
    for (const _ of rounds) {
      const { task } = await queues[0].addTask(newTask({ labels: { a: "1" } }));
      const [claim, update, removal] = await Promise.allSettled([
        queues[0].claim(terms(world.holder(1))),
        queues[1].updateTask(task.id, { labels: { b: "2" } }),
        queues[2].deleteTask(task.id),
      ]);
      const stored = await queues[0].getTask(task.id);
      const isClaimed = claim?.status === "fulfilled" && claim.value !== undefined;
      expect(removal?.status).toBe(isClaimed ? "rejected" : "fulfilled");
      expect(stored?.status).toBe(isClaimed ? "IN_PROGRESS" : undefined);
      const isUpdated = update?.status === "fulfilled";
      expect(isClaimed ? stored?.labels : {}).toEqual(isClaimed ? labels(isUpdated) : {});
    }
  });

  const labels = (isUpdated: boolean) => (isUpdated ? { b: "2" } : { a: "1" });

  test("two retries and a cancel of a failed task: one set of attempts", async () => {
    for (const _ of rounds) {
      const { task } = await queues[0].addTask(newTask());
      const { lease } = await claimed(queues[0], world.holder(1));
      await queues[0].settle(lease, failure, null);
      const retries = await Promise.allSettled([
        queues[0].retryTask(task.id, "me"),
        queues[1].retryTask(task.id, "you"),
        queues[2].cancelTask(task.id, "they"),
      ]);
      expect(retries.slice(0, 2).filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const retried = (await eventsOf(task.id)).filter((type) => type === "TaskRetried");
      expect(retried).toHaveLength(1);
      await queues[0].cancelTask(task.id, "me");
    }
  });

  test("a settle and a cancel: the wish is kept, or comes too late", async () => {
    const notBefore = new Date(world.now).toISOString();
    for (const _ of rounds) {
      const { task } = await queues[0].addTask(newTask());
      const { lease } = await claimed(queues[0], world.holder(1));
      const [settled, cancelled] = await Promise.all([
        queues[0].settle(lease, failure, { notBefore }),
        queues[1].cancelTask(task.id, "you"),
      ]);
      expect((await queues[2].getTask(task.id))?.status).toBe("CANCELLED");
      expect([settled.status, cancelled.outcome]).toEqual(
        cancelled.outcome === "requested" ? ["CANCELLED", "requested"] : ["PENDING", "cancelled"],
      );
    }
  });

  test("progress, phases and an end of one attempt do not wait for each other in a circle", async () => {
    for (const n of rounds) {
      await queues[0].addTask(newTask());
      const { lease } = await claimed(queues[0], world.holder(1));
      await Promise.allSettled([
        queues[0].recordProgress(lease, { percent: n, message: "" }),
        queues[1].recordAttempt(lease, { phase: "Running" }),
        queues[2].renewLease(lease),
        queues[1].recordProgress(lease, { percent: n, message: "" }),
        queues[0].cancelTask(lease.taskId, "me"),
        queues[2].settle(lease, failure, null),
      ]);
      expect((await queues[0].getTask(lease.taskId))?.status).toBe("FAILED");
    }
    const [deadlocks] = await database.run(
      "select deadlocks::int from pg_stat_database where datname = current_database()",
    );
    expect(deadlocks).toEqual({ deadlocks: 0 });
  });

  test("pieces of one log: each byte once, and no hole", async () => {
    await queues[0].addTask(newTask());
    const { lease } = await claimed(queues[0], world.holder(1));
    const entries = Array.from({ length: 60 }, (_, n) => line(n + 1, `${String(n)}${"x".repeat(3000)}`));
    for (let at = 0; at < entries.length; at += 10) {
      await Promise.all(queues.map((queue) => queue.appendLog(lease, entries.slice(0, at + 10))));
    }
    const text = await textOf(queues[0], { taskId: lease.taskId, attempt: 1 });
    expect(text.split("\n").length).toBe(61);
    expect(text).toBe(entries.map((_, n) => `${String(n)}${"x".repeat(3000)}\n`).join(""));
  });
});
