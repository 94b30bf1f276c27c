import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TaskStatus } from "../domain/task/status.ts";
import {
  failure,
  lost,
  newTask,
  resultOf,
  terms,
  type OpenHarness,
  type QueueHarness,
} from "./queue.harness.ts";
import type { Lease, Queue } from "./queue.ts";

/** What the queue is to hold, in the plainest form. */
interface ModelTask {
  readonly id: string;
  readonly priority: number;
  readonly key: boolean;
  status: TaskStatus;
  attempt: number;
  results: string[];
  cancelRequested: boolean;
  notBefore: number;
  lease: { token: string; pid: number; expires: number } | undefined;
}

interface Model {
  tasks: ModelTask[];
  /** Every lease that was ever given, old ones too. */
  leases: Lease[];
  /** Tokens that an attempt was settled with. */
  settled: Set<string>;
  dead: Set<number>;
}

interface Run {
  readonly harness: QueueHarness;
  queue: Queue;
}

const action = fc.oneof(
  fc.record({
    do: fc.constant("add" as const),
    priority: fc.integer({ min: -1, max: 1 }),
    key: fc.boolean(),
  }),
  fc.record({ do: fc.constant("claim" as const), pid: fc.integer({ min: 2, max: 4 }) }),
  fc.record({ do: fc.constantFrom("renew", "release" as const), which: fc.nat() }),
  fc.record({
    do: fc.constant("settle" as const),
    which: fc.nat(),
    how: fc.constantFrom("done", "failed", "again"),
  }),
  fc.record({ do: fc.constantFrom("cancel", "retry" as const), which: fc.nat() }),
  fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(1, 30, 60) }),
  fc.record({ do: fc.constant("kill" as const), pid: fc.integer({ min: 2, max: 3 }) }),
  fc.record({ do: fc.constant("reopen" as const) }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Any sequence of calls leaves the queue and a small model of it in the same state, with the same answers. */
export function describeQueueModel(name: string, open: OpenHarness, numRuns = 120): void {
  describe(`${name}: any sequence of calls`, () => {
    test("does what the model does", { timeout: 120_000 }, async () => {
      expect.hasAssertions();
      const property = fc.asyncProperty(
        fc.array(action, { minLength: 5, maxLength: 50 }),
        async (actions) => {
          const harness = await open();
          const run: Run = { harness, queue: harness.queue };
          const model: Model = { tasks: [], leases: [], settled: new Set(), dead: new Set() };
          try {
            for (const one of actions) {
              await perform(one, model, run);
              await expectSame(model, run);
            }
          } finally {
            await harness.dispose();
          }
        },
      );
      await fc.assert(property, { numRuns });
    });
  });
}

async function perform(one: Action, model: Model, run: Run): Promise<void> {
  const { world } = run.harness;
  switch (one.do) {
    case "add":
      return add(one.priority, one.key, model, run);
    case "claim":
      return claim(one.pid, model, run);
    case "renew":
    case "release":
      return useLease(one.do, one.which, model, run);
    case "settle":
      return settle(one.which, one.how, model, run);
    case "cancel":
    case "retry":
      return decide(one.do, one.which, model, run);
    case "wait":
      world.now += one.seconds * 1000;
      return;
    case "kill":
      world.kill(world.holder(one.pid));
      model.dead.add(one.pid);
      return;
    case "reopen":
      run.queue = await run.harness.reopen();
  }
}

async function add(priority: number, key: boolean, model: Model, { queue }: Run): Promise<void> {
  const spec = key ? { concurrency: { key: "k", limit: 1 } } : {};
  const { task } = await queue.addTask(newTask({ priority, spec }));
  const fresh = { attempt: 0, results: [], cancelRequested: false, notBefore: 0, lease: undefined };
  model.tasks.push({ id: task.id, priority, key, status: "PENDING", ...fresh });
}

async function claim(pid: number, model: Model, { queue, harness: { world } }: Run): Promise<void> {
  const byTurn = model.tasks.toSorted((a, b) => b.priority - a.priority);
  const isExpired = ({ lease }: ModelTask) =>
    lease && (lease.expires <= world.now || model.dead.has(lease.pid));
  for (const task of model.tasks)
    if (task.lease && model.dead.has(task.lease.pid))
      task.lease.expires = Math.min(task.lease.expires, world.now);
  const inUse = model.tasks.some(({ key, status }) => key && status === "IN_PROGRESS");
  const mayRun = (task: ModelTask) =>
    task.status === "PENDING" && task.notBefore <= world.now && !(task.key && inUse);
  const expected = byTurn.find(isExpired) ?? byTurn.find(mayRun);
  const claimed = await queue.claim(terms(world.holder(pid)));
  expect(claimed?.task.id).toBe(expected?.id);
  if (!claimed || !expected) return;
  expect(claimed.takenOver).toBe(expected.lease !== undefined);
  if (!expected.lease) expected.attempt += 1;
  expect(claimed.lease.attempt).toBe(expected.attempt);
  expected.status = "IN_PROGRESS";
  expected.lease = { token: claimed.lease.token, pid, expires: world.now + 60_000 };
  model.leases.push(claimed.lease);
}

function leaseAt(which: number, model: Model) {
  const lease = model.leases[which % Math.max(1, model.leases.length)];
  const task = model.tasks.find(({ id }) => id === lease?.taskId);
  const held = lease && task?.lease?.token === lease.token ? task : undefined;
  return lease && task ? { lease, task, held } : undefined;
}

async function useLease(what: "renew" | "release", which: number, model: Model, run: Run): Promise<void> {
  const { queue, harness } = run;
  const found = leaseAt(which, model);
  if (!found) return;
  const { lease, held } = found;
  if (what === "renew") {
    expect((await queue.renewLease(lease)).held).toBe(held !== undefined);
    if (held?.lease) held.lease.expires = harness.world.now + 60_000;
  } else if (held?.lease) {
    await queue.releaseLease(lease);
    held.lease = { token: "nobody's", pid: held.lease.pid, expires: harness.world.now };
  } else {
    await expect(queue.releaseLease(lease)).rejects.toMatchObject({ code: "KRT_LEASE_LOST" });
  }
}

async function settle(
  which: number,
  how: string,
  model: Model,
  { queue, harness: { world } }: Run,
): Promise<void> {
  const found = leaseAt(which, model);
  if (!found) return;
  const { lease, held, task } = found;
  const result = { done: resultOf(), failed: failure, again: lost }[how] ?? lost;
  const retry = how === "again" ? { notBefore: new Date(world.now + 10_000).toISOString() } : null;
  const outcome = await queue.settle(lease, result, retry).then(
    ({ status }) => status,
    (error: unknown) => error,
  );
  if (!held) {
    const wasItsOwn = model.settled.has(lease.token);
    if (wasItsOwn) expect(outcome).toBe(task.status);
    else expect(outcome).toMatchObject({ code: "KRT_LEASE_LOST" });
    return;
  }
  model.settled.add(lease.token);
  held.results.push(result.reason);
  held.lease = undefined;
  if (how === "done") held.status = "COMPLETED";
  else if (how === "failed") held.status = "FAILED";
  else held.status = held.cancelRequested ? "CANCELLED" : "PENDING";
  if (held.status === "PENDING") held.notBefore = world.now + 10_000;
}

async function decide(what: "cancel" | "retry", which: number, model: Model, { queue }: Run): Promise<void> {
  const task = model.tasks[which % Math.max(1, model.tasks.length)];
  if (!task) return;
  if (what === "cancel") {
    const { outcome } = await queue.cancelTask(task.id, "me");
    const expected = { PENDING: "cancelled", IN_PROGRESS: "requested" }[String(task.status)] ?? "unchanged";
    expect(outcome).toBe(expected);
    if (task.status === "PENDING") task.status = "CANCELLED";
    else if (task.status === "IN_PROGRESS") task.cancelRequested = true;
  } else if (task.status === "FAILED") {
    await queue.retryTask(task.id, "me");
    Object.assign(task, { status: "PENDING", cancelRequested: false, notBefore: 0 });
  } else {
    await expect(queue.retryTask(task.id, "me")).rejects.toMatchObject({ code: "KRT_STATUS_CONFLICT" });
  }
}

async function expectSame({ tasks }: Model, { queue }: Run): Promise<void> {
  for (const { id, status, attempt, results } of tasks) {
    const stored = await queue.getTask(id);
    expect(stored?.status).toBe(status);
    expect(stored?.attempts.length).toBe(attempt);
    expect(stored?.attempts.flatMap(({ reason }) => reason ?? [])).toEqual(results);
  }
}
