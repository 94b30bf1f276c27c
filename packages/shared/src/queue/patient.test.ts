import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KerutaError } from "../domain/error.ts";
import type { LogEntry } from "../domain/log/entry.ts";
import { patientQueue } from "./patient.ts";
import { claimed, line, newTask, resultOf, terms, type QueueHarness } from "./queue.harness.ts";
import type { Lease, Queue } from "./queue.ts";
import { openSqliteHarness } from "./sqlite/sqlite.harness.ts";

const away = (stored?: "nothing" | "unknown") =>
  new KerutaError("KRT_DB_UNREACHABLE", { en: "away", ja: "" }, { details: { transient: true, stored } });

let harness: QueueHarness;
let lease: Lease;
/** What the next calls fail with, before or after they did their work. */
let before: Error[];
let after: Error[];
let troubles: number;
let queue: Queue;
beforeEach(async () => {
  harness = await openSqliteHarness();
  await harness.queue.addTask(newTask());
  ({ lease } = await claimed(harness.queue, harness.world.holder(1)));
  [before, after, troubles] = [[], [], 0];
  const onTrouble = () => (troubles += 1);
  queue = patientQueue(failing(harness.queue), {
    clock: () => performance.now(),
    onTrouble,
    patienceMilliseconds: 2000,
  });
});
afterEach(() => harness.dispose());

/** The queue, with each method failing as the lists say. */
function failing(real: Queue): Queue {
  return new Proxy(real, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== "function" || name === "readLog") return member;
      return async (...args: unknown[]) => {
        const first = before.shift();
        if (first) throw first;
        const result = (await member.apply(target, args)) as unknown;
        const last = after.shift();
        if (last) throw last;
        return result;
      };
    },
  });
}

test("a call that failed for a reason that passes is made again, and trouble is told once", async () => {
  before = [away("nothing"), away(), away("nothing")];
  expect(await queue.renewLease(lease)).toMatchObject({ held: true });
  expect(troubles).toBe(1);
  before = [away()];
  await queue.getTask(lease.taskId);
  expect(troubles).toBe(2);
});

test("what an attempt ends with waits for space; a log and new work are told of it", async () => {
  const full = new KerutaError("KRT_DB_FULL", { en: "full", ja: "" });
  const gap = {
    kind: "gap",
    time: 1,
    stdoutBytes: 1,
    stderrBytes: 0,
    reason: "disk-full",
    why: "w",
  } as const;
  before = [full, full];
  await queue.appendLog(lease, [{ ...gap, sequence: 1, lastSequence: 1 }]);
  before = [full];
  await expect(queue.appendLog(lease, [line(2, "a")])).rejects.toBe(full);
  before = [full];
  await expect(queue.addTask(newTask())).rejects.toBe(full);
  before = [full];
  await expect(queue.renewLease(lease)).rejects.toBe(full);
  before = [full, full];
  expect(await queue.settle(lease, resultOf(), null)).toMatchObject({ status: "COMPLETED" });
});

test("what may be stored already is repeated where a second time changes nothing", async () => {
  after = [away("unknown")];
  await queue.appendLog(lease, [line(1, "a")]);
  after = [away("unknown")];
  expect(await queue.settle(lease, resultOf(), null)).toMatchObject({ status: "COMPLETED" });
  after = [away("unknown")];
  const added = await queue.addTask({ ...newTask(), requestId: "r" });
  expect(added.created).toBe(false);
  expect((await queue.queueStatus()).counts).toMatchObject({ COMPLETED: 1, PENDING: 1 });
});

test("and is not where it would do more", async () => {
  for (const call of [
    () => queue.addTask(newTask()),
    () => queue.claim(terms(harness.world.holder(2))),
    () => queue.releaseLease(lease),
  ]) {
    after = [away("unknown")];
    await expect(call()).rejects.toMatchObject({ details: { stored: "unknown" } });
  }
  expect((await harness.queue.queueStatus()).counts).toMatchObject({ PENDING: 0, IN_PROGRESS: 2 });
  before = [away("nothing"), away("nothing")];
  await queue.addTask(newTask());
  before = [away("nothing")];
  expect(await queue.claim(terms(harness.world.holder(2)))).toMatchObject({ takenOver: true });
});

test("other errors, and trouble that does not pass, are told", async () => {
  await expect(queue.cancelTask("nosuchtask", "me")).rejects.toMatchObject({ code: "KRT_TASK_NOT_FOUND" });
  const forever = Array.from({ length: 1000 }, () => away("nothing"));
  before = forever;
  const start = performance.now();
  await expect(queue.renewLease(lease)).rejects.toMatchObject({ code: "KRT_DB_UNREACHABLE" });
  expect(performance.now() - start).toBeLessThan(2500);
});

describe("a log", () => {
  const read = async (change: { grep?: RegExp; tail?: number } = {}) => {
    const seen: number[] = [];
    for await (const { sequence } of queue.readLog({ taskId: lease.taskId, attempt: 1, ...change }))
      seen.push(sequence);
    return seen;
  };
  /** Reads that break after a number of entries. */
  const breaking = (...lengths: number[]) => {
    const real = harness.queue;
    const readLog: Queue["readLog"] = async function* (query): AsyncGenerator<LogEntry> {
      let left = lengths.shift() ?? Number.POSITIVE_INFINITY;
      for await (const entry of real.readLog(query)) {
        if (left === 0) throw away();
        left -= 1;
        yield entry;
      }
    };
    queue = patientQueue({ ...real, readLog }, { clock: () => performance.now() });
  };
  beforeEach(async () => {
    const entries = Array.from({ length: 10 }, (_, n) => line(n + 1, `line ${String(n)}`));
    await harness.queue.appendLog(lease, entries);
  });

  test("is read on where it broke off", async () => {
    breaking(3, 0, 4);
    expect(await read()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    breaking(0, 2);
    expect(await read({ tail: 4 })).toEqual([7, 8, 9, 10]);
  });

  test("is not where lines are judged as a whole", async () => {
    breaking(0);
    expect(await read({ grep: /line [89]/ })).toEqual([9, 10]);
    breaking(1);
    await expect(read({ grep: /line/ })).rejects.toMatchObject({ code: "KRT_DB_UNREACHABLE" });
  });
});
