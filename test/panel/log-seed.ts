import { randomBytes } from "node:crypto";
import type { LogEntry } from "../../packages/shared/src/domain/index.ts";
import { claimed, createWorld, newTask, resultOf } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteStore } from "../../packages/shared/src/queue/sqlite/index.ts";

interface SeededLog {
  readonly title: string;
  readonly entry: (sequence: number) => LogEntry;
  readonly count: number;
}

const perAppend = 5000;

/** Puts finished tasks with these logs into a queue's file. */
export async function seedLogs(database: string, logs: readonly SeededLog[]): Promise<void> {
  const world = createWorld();
  const store = await openSqliteStore({
    path: database,
    processes: world.processes,
    clock: () => Date.now(),
    random: (bytes) => randomBytes(bytes),
  });
  const { queue } = store;
  for (const { title, entry, count } of logs) {
    await queue.addTask(newTask({ title, spec: { runner: "local", script: "true" } }));
    const { lease } = await claimed(queue, world.holder(1));
    for (let first = 1; first <= count; first += perAppend) {
      const length = Math.min(perAppend, count - first + 1);
      await queue.appendLog(
        lease,
        Array.from({ length }, (_, n) => entry(first + n)),
      );
    }
    // Now: a log that is over its time would be removed.
    await queue.settle(lease, resultOf({ finishedAt: new Date(Date.now()).toISOString() }), null);
  }
  await queue.close();
}
