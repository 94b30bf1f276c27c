import { randomBytes } from "node:crypto";
import type { AttemptResult } from "../../packages/shared/src/domain/index.ts";
import { createProcessTable, type Claim, type Queue } from "../../packages/shared/src/queue/index.ts";
import { openSqliteQueue } from "../../packages/shared/src/queue/sqlite/index.ts";

const result: AttemptResult = {
  finishedAt: "2026-01-01T00:00:00.000Z",
  exitCode: 0,
  signal: null,
  reason: "Completed",
  category: "command",
  retryable: false,
  message: "",
  peakMemoryBytes: null,
  log: { bytes: 0, sha256: "", complete: true },
  artifacts: null,
};

const processes = createProcessTable({ platform: process.platform, pid: process.pid });
const terms = { holder: processes.self, runners: ["local"], defaultRunner: "local" } as const;

export const openQueueOptions = { processes, clock: () => Date.now(), random: randomBytes };

export function openScratch(path: string): Promise<Queue> {
  return openSqliteQueue({ path, ...openQueueOptions });
}

export async function fill(queue: Queue, tasks: number, namespace?: string): Promise<void> {
  const together = 500;
  for (let done = 0; done < tasks; done += together) {
    const added = Array.from({ length: Math.min(together, tasks - done) }, (_, n) =>
      queue.addTask(taskOf(done + n, namespace)),
    );
    await Promise.all(added);
  }
}

function taskOf(n: number, namespace?: string): Parameters<Queue["addTask"]>[0] {
  const spec = { command: ["true"], ...(namespace !== undefined && { namespace }) };
  return {
    title: `task ${String(n)}`,
    description: "",
    priority: n % 5,
    labels: {},
    spec,
    createdBy: "bench",
  };
}

/** As a worker does it: each of its drivers claims, settles and claims again. */
export async function drain(queue: Queue, tasks: number, concurrency: number): Promise<void> {
  let left = tasks;
  const drive = async () => {
    while (left > 0) {
      left -= 1;
      const { lease } = await needClaim(queue);
      await queue.settle(lease, result, null);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, drive));
}

/** The milliseconds of one claim, of a namespace or of all; the queue is as deep as before afterwards. */
export async function claimAndReplace(queue: Queue, n: number, namespace?: string): Promise<number> {
  const start = performance.now();
  const { lease, task } = await needClaim(queue, namespace);
  const took = performance.now() - start;
  await queue.settle(lease, result, null);
  await queue.addTask(taskOf(n, task.spec.namespace));
  return took;
}

export async function needClaim(queue: Queue, namespace?: string): Promise<Claim> {
  const claim = await queue.claim({ ...terms, ...(namespace !== undefined && { namespaces: [namespace] }) });
  if (!claim) throw new Error("the queue is empty too early");
  return claim;
}
