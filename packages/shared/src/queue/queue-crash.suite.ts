import { describe, expect, test } from "vitest";
import { isTerminal } from "../domain/task/status.ts";
import { startDriver } from "./fixtures/start.ts";
import type { ProcessTable } from "./holder.ts";
import { resultOf, terms, type RealMachine, type RealStore } from "./queue.harness.ts";
import type { Queue } from "./queue.ts";
import { crashPoints } from "./sql/crash-point.ts";

/** A process that dies between any two writes leaves a queue that the next one goes on from. */
export function describeQueueCrashes(
  name: string,
  newStore: () => Promise<RealStore>,
  { processes, node }: RealMachine,
): void {
  describe(`${name}: a process killed at`, () => {
    const points = crashPoints.filter((point) => !point.name.startsWith("restore:"));
    test.concurrent.each(points)(
      "$name ($at) leaves a queue that goes on",
      { timeout: 60_000 },
      async (point) => {
        const store = await newStore();
        const ended = await startDriver(node, store.url, "live", point.name);
        expect(ended).toMatchObject({ signal: "SIGKILL" });
        const queue = await store.open(processes);
        try {
          const results = await settledResults(queue);
          await expectKept(queue, ended.lines);
          await finishAll(queue, processes);
          for (const task of (await queue.listTasks({})).items) expect(isTerminal(task.status)).toBe(true);
          // What had a result before has the same one now.
          const after = await settledResults(queue);
          for (const [attempt, result] of results) expect(after.get(attempt)).toEqual(result);
          expect((await queue.readSettings()).length).toBeLessThanOrEqual(1);
        } finally {
          await queue.close();
        }
        expect(await store.check()).toEqual([]);
        await store.remove();
      },
    );
  });
}

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
async function finishAll(queue: Queue, processes: ProcessTable): Promise<void> {
  const claim = () => queue.claim(terms(processes.self));
  for (let next = await claim(); next; next = await claim()) {
    // The log came in one piece, and is there whole or not at all.
    expect([0, 100]).toContain(next.logPosition.sequence);
    const reason = next.task.cancelRequestedAt === null ? "Completed" : "Cancelled";
    await queue.settle(next.lease, resultOf({ reason }), null);
  }
}
