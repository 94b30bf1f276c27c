import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KerutaError } from "@keruta/shared/domain";
import type { Holder, Queue } from "@keruta/shared/queue";
import { openSqliteQueue } from "@keruta/shared/queue/sqlite";
import { sharedCancelWishes } from "./shared-cancel-wishes.ts";
import type { Timers } from "./timers.ts";

const self: Holder = { host: "h", user: "u", pid: 1, bootId: "", pidNamespace: "", startTime: "" };
const timers: Timers = {
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
  every: () => () => undefined,
};

let directory: string;
let queue: Queue;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keruta-wishes-"));
  queue = await openSqliteQueue({
    path: join(directory, "keruta.db"),
    processes: { self, startTimeOf: () => undefined },
    clock: () => Math.floor(performance.timeOrigin + performance.now()),
    random: randomBytes,
  });
});
afterEach(async () => {
  await queue.close();
  await rm(directory, { recursive: true });
});

async function running(): Promise<string> {
  const terms = { holder: self, runners: ["local"], defaultRunner: "local" } as const;
  const task = { title: "t", description: "", priority: 0, labels: {}, spec: {}, createdBy: "me" };
  return (await queue.addTask({ ...task, claim: terms })).task.id;
}

function listener() {
  const heard = { wished: 0, failures: [] as unknown[] };
  return {
    heard,
    wished: () => {
      heard.wished += 1;
    },
    failed: (error: unknown) => {
      heard.failures.push(error);
    },
  };
}

test("a wish reaches the listener of its task, and no other", async () => {
  const wishes = sharedCancelWishes(queue, timers);
  const [first, second] = [await running(), await running()];
  const [ofFirst, ofSecond] = [listener(), listener()];
  const listening = [wishes.listen(first, ofFirst), wishes.listen(second, ofSecond)];
  await queue.cancelTask(second, "me");
  await vi.waitFor(() => expect(ofSecond.heard.wished).toBeGreaterThan(0), 5000);
  for (const one of listening) await one.stop();
  expect(ofFirst.heard).toEqual({ wished: 0, failures: [] });
});

test("a wish that is older than its listener is heard too, and so is one after all had left", async () => {
  const wishes = sharedCancelWishes(queue, timers);
  const [first, second] = [await running(), await running()];
  await queue.cancelTask(first, "me");
  const [ofFirst, ofSecond] = [listener(), listener()];
  const one = wishes.listen(first, ofFirst);
  await vi.waitFor(() => expect(ofFirst.heard.wished).toBeGreaterThan(0), 5000);
  await one.stop();
  const other = wishes.listen(second, ofSecond);
  await queue.cancelTask(second, "me");
  await vi.waitFor(() => expect(ofSecond.heard.wished).toBeGreaterThan(0), 5000);
  await other.stop();
});

test("a queue that is away for a while loses no wish", async () => {
  let isAway = true;
  const unsteady: Queue = {
    ...queue,
    readEvents: async (filter) => {
      if (isAway) throw new KerutaError("KRT_DB_BUSY", { en: "busy", ja: "busy" });
      return queue.readEvents(filter);
    },
  };
  const wishes = sharedCancelWishes(unsteady, timers);
  const task = await running();
  const heard = listener();
  const listening = wishes.listen(task, heard);
  // After its own look at the task, so that only the events can tell.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await queue.cancelTask(task, "me");
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(heard.heard.wished).toBe(0);
  isAway = false;
  await running();
  await vi.waitFor(() => expect(heard.heard.wished).toBeGreaterThan(0), 5000);
  await listening.stop();
  expect(heard.heard.failures).toEqual([]);
});

test("what is a bug is not taken for a queue that is away", async () => {
  const broken: Queue = { ...queue, readEvents: () => Promise.reject(new TypeError("a bug")) };
  const task = await running();
  const heard = listener();
  const listening = sharedCancelWishes(broken, timers).listen(task, heard);
  await vi.waitFor(() => expect(heard.heard.failures).toMatchObject([{ message: "a bug" }]), 5000);
  await listening.stop();
});
