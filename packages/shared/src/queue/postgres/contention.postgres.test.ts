import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimed, createWorld, newTask, resultOf, terms } from "../queue.harness.ts";
import type { Queue } from "../queue.ts";
import { expectSound, openAt, server, testDatabase } from "./postgres.harness.ts";

/** Each with a pool of its own, as processes have. */
const twelve = Array.from({ length: 12 }, (_, n) => n + 1);

describe.skipIf(!server)("twelve that use one queue at once", () => {
  const database = testDatabase();
  const world = createWorld();
  let url: string;
  let queues: readonly Queue[];
  let queue: Queue;
  beforeEach(async () => {
    url = await database.newSchema();
    queues = await Promise.all(twelve.map(() => openAt(url, world, { maxConnections: 3 })));
    [queue = queue] = queues;
  });
  afterEach(async () => {
    await Promise.all(queues.map((one) => one.close()));
    await expectSound(url);
  });

  const claim = (by: Queue, n = 0) => by.claim(terms(world.holder(n + 1)));

  test("hold a concurrency key as often as its limit says, and never more", async () => {
    for (let limit = 1; limit <= 4; limit += 1) {
      const spec = { concurrency: { key: `k${String(limit)}`, limit } };
      await Promise.all(queues.map((by) => by.addTask(newTask({ spec }))));
      for (let left = twelve.length; left > 0; left -= limit) {
        const claims = (await Promise.all(queues.map(claim))).filter((one) => one !== undefined);
        expect(claims).toHaveLength(limit);
        await Promise.all(claims.map(({ lease }) => queue.settle(lease, resultOf(), null)));
      }
    }
  });

  test("work through keyed tasks side by side, within the limits at every moment", async () => {
    const limits = { one: 1, two: 2, three: 3 };
    const keys = Object.entries(limits).map(([key, limit]) => ({ key, limit }));
    const wanted = Array.from({ length: 20 }).flatMap(() => keys);
    for (const concurrency of wanted) await queue.addTask(newTask({ spec: { concurrency } }));
    const running = new Map<string, number>();
    let [left, overrun] = [wanted.length, 0];
    const work = async (by: Queue, n: number) => {
      while (left > 0) {
        const next = await claim(by, n);
        if (!next) continue;
        const { key = "", limit = 0 } = next.task.spec.concurrency ?? {};
        running.set(key, (running.get(key) ?? 0) + 1);
        if ((running.get(key) ?? 0) > limit) overrun += 1;
        await pause(5);
        running.set(key, (running.get(key) ?? 0) - 1);
        left -= 1;
        await by.settle(next.lease, resultOf(), null);
      }
    };
    await Promise.all(queues.map(work));
    expect(overrun).toBe(0);
    expect((await queue.queueStatus()).counts.COMPLETED).toBe(wanted.length);
  });

  test("settle once: of one lease, each says the same; of a stale one, none", async () => {
    for (let round = 0; round < 10; round += 1) {
      await queue.addTask(newTask());
      const { lease } = await claimed(queue, world.holder(1));
      const settled = await Promise.allSettled(
        queues.map((by, n) =>
          by.settle({ ...lease, token: n < 6 ? lease.token : "x" }, resultOf({ exitCode: n }), null),
        ),
      );
      const ends = settled.map((one) =>
        one.status === "fulfilled" ? one.value.attempt?.exitCode : one.reason.code,
      );
      expect(new Set(ends.slice(0, 6)).size).toBe(1);
      expect(ends.slice(6)).toEqual(twelve.slice(6).map(() => "KRT_LEASE_LOST"));
    }
  });

  test("take an expired lease over once, whatever its holder does meanwhile", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { task } = await queue.addTask(newTask());
      const { lease } = await claimed(queue, world.holder(1));
      world.now += 60_000;
      const [renewed, settled, ...claims] = await Promise.allSettled([
        queue.renewLease(lease),
        queue.settle(lease, resultOf(), null),
        ...queues.map(claim),
      ]);
      const taken = claims.filter((one) => one.status === "fulfilled" && one.value !== undefined);
      expect(taken.length + (settled?.status === "fulfilled" ? 1 : 0)).toBe(1);
      expect(renewed?.status).toBe("fulfilled");
      for (const one of taken) {
        if (one.status !== "fulfilled" || typeof one.value !== "object" || !("lease" in one.value)) continue;
        await queue.settle(one.value.lease, resultOf(), null);
      }
      expect(await queue.getTask(task.id)).toMatchObject({ status: "COMPLETED", attempts: [{ number: 1 }] });
    }
  });

  test("find the leases of a dead holder, each once", async () => {
    const dead = world.holder(99);
    for (let n = 0; n < 30; n += 1) {
      await queue.addTask(newTask());
      await claimed(queue, dead);
    }
    world.kill(dead);
    const found: string[] = [];
    await Promise.all(
      queues.map(async (by, n) => {
        for (let next = await claim(by, n); next; next = await claim(by, n)) found.push(next.task.id);
      }),
    );
    // Who is looking while another ends all the leases may find none yet; the next look finds them.
    for (let next = await claim(queue); next; next = await claim(queue)) found.push(next.task.id);
    expect(new Set(found).size).toBe(30);
    expect(found).toHaveLength(30);
  });

  test("add one task for a request id, and no more than a key allows", async () => {
    const added = await Promise.all(queues.map((by) => by.addTask({ ...newTask(), requestId: "r" })));
    expect(new Set(added.map(({ task }) => task.id)).size).toBe(1);
    expect(added.filter(({ created }) => created)).toHaveLength(1);
    const refuse = { spec: { concurrency: { key: "k", limit: 3, onConflict: "refuse" } } } as const;
    const tried = await Promise.allSettled(queues.map((by) => by.addTask(newTask(refuse))));
    const codes = tried.map((one) => (one.status === "fulfilled" ? "added" : String(one.reason.code)));
    expect(codes.filter((code) => code === "added")).toHaveLength(3);
    expect(codes.filter((code) => code === "KRT_CONCURRENCY_REFUSED")).toHaveLength(9);
  });

  test("replace and claim tasks of one key, and leave one", async () => {
    const replace = { spec: { concurrency: { key: "k", limit: 1, onConflict: "replace" } } } as const;
    await Promise.all(
      queues.map(async (by, n) => {
        await by.addTask(newTask(replace));
        await claim(by, n);
      }),
    );
    const { items } = await queue.listTasks({});
    const live = items.filter(
      ({ status, cancelRequestedAt }) =>
        status === "PENDING" || (status === "IN_PROGRESS" && cancelRequestedAt === null),
    );
    expect(live).toHaveLength(1);
  });

  test("start nothing any more once a pause has been stored", async () => {
    for (let n = 0; n < 120; n += 1) await queue.addTask(newTask());
    let pausing = false;
    const claims = queues.slice(1).map(async (by, n) => {
      while (!pausing || (await claim(by, n))) await claim(by, n);
    });
    while ((await queue.queueStatus()).counts.IN_PROGRESS < 20);
    await queue.setPaused(true);
    const { counts } = await queue.queueStatus();
    pausing = true;
    await Promise.all(claims);
    expect((await queue.queueStatus()).counts).toEqual(counts);
    expect(counts.PENDING).toBeGreaterThan(0);
  });

  test("tell every event to a reader that goes on from the last one it saw", async () => {
    const seen: number[] = [];
    let writing = true;
    const read = async () => {
      for (;;) {
        const isLast = !writing;
        const events = await queue.readEvents({ after: seen.at(-1) ?? 0 });
        seen.push(...events.map(({ seq }) => seq));
        if (isLast && events.length === 0) return;
      }
    };
    const reading = read();
    await Promise.all(
      queues.map(async (by, n) => {
        for (let round = 0; round < 15; round += 1) {
          await by.addTask(newTask());
          const next = await claim(by, n);
          if (next) await by.settle(next.lease, resultOf(), null);
        }
      }),
    );
    writing = false;
    await reading;
    const all = await queue.readEvents({ after: 0 });
    expect(seen).toEqual(all.map(({ seq }) => seq));
  });
});
