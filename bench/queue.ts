import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { better, defineQueue } from "plainjob";
import type { AttemptResult } from "../packages/shared/src/domain/index.ts";
import { createProcessTable, type Claim, type Queue } from "../packages/shared/src/queue/index.ts";
import { openSqliteQueue } from "../packages/shared/src/queue/sqlite/index.ts";

export interface BenchRow {
  readonly work: string;
  readonly ours: number;
  readonly peer: number;
  /** Above 1 is better than the peer where `target` says "≥", worse where it says "≤". */
  readonly ratio: number;
  readonly target: string;
}

export interface QueueBenchOptions {
  /** Where databases are made: a disk, since a memory file system syncs for nothing. */
  readonly directory: string;
  readonly tasks?: number;
  /** Attempts that one worker drives at a time; their writes share commits. plainjob's worker does one job at a time. */
  readonly concurrency?: number;
}

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

export const processes = createProcessTable({ platform: process.platform, pid: process.pid });
const terms = { holder: processes.self, runners: ["local"], defaultRunner: "local" } as const;

/** Both sides take turns of 500 tasks, so that a slow moment of the disk hits both. Units: tasks a second. */
async function benchClaimAndSettle({
  directory,
  tasks = 10_000,
  concurrency = 1,
}: QueueBenchOptions): Promise<BenchRow> {
  const scratch = mkdtempSync(join(directory, "queue-bench-"));
  const queue = await openScratch(join(scratch, "keruta.db"));
  const database = new Database(join(scratch, "plainjob.db"));
  const peer = defineQueue({ connection: better(database) });
  // plainjob sets synchronous = NORMAL when it opens; equal settings are FULL.
  database.pragma("synchronous = full");
  try {
    await fill(queue, tasks);
    peer.addMany(
      "task",
      Array.from({ length: tasks }, (_, n) => ({ n })),
    );
    let [ours, theirs] = [0, 0];
    const turn = 500;
    for (let done = 0; done < tasks; done += turn) {
      const oursFirst = (done / turn) % 2 === 0;
      if (oursFirst) ours += await timed(() => drain(queue, turn, concurrency));
      theirs += await timed(() => drainPeer(peer, turn));
      if (!oursFirst) ours += await timed(() => drain(queue, turn, concurrency));
    }
    const [oursRate, peerRate] = [(tasks * 1000) / ours, (tasks * 1000) / theirs];
    return {
      work: `claim and settle ${String(tasks)} tasks, concurrency ${String(concurrency)}, tasks a second, against plainjob`,
      ours: oursRate,
      peer: peerRate,
      ratio: oursRate / peerRate,
      target: "≥ 1.0",
    };
  } finally {
    peer.close();
    await queue.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Units: milliseconds a claim. */
async function benchClaimDepth({ directory }: QueueBenchOptions): Promise<BenchRow> {
  const scratch = mkdtempSync(join(directory, "queue-bench-"));
  const deep = await openScratch(join(scratch, "deep.db"));
  const shallow = await openScratch(join(scratch, "shallow.db"));
  try {
    await fill(deep, 100_000);
    await fill(shallow, 100);
    const [oursTimes, peerTimes]: [number[], number[]] = [[], []];
    for (let round = 0; round < 300; round += 1) {
      oursTimes.push(await claimAndReplace(deep, round));
      peerTimes.push(await claimAndReplace(shallow, round));
    }
    const [ours, peer] = [median(oursTimes), median(peerTimes)];
    return {
      work: "claim with 100,000 queued, ms, against the same with 100",
      ours,
      peer,
      ratio: ours / peer,
      target: "≤ 1.5",
    };
  } finally {
    await deep.close();
    await shallow.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A token that is bound to a namespace claims its last tasks behind all others'. Units: milliseconds a claim. */
async function benchBoundClaim({ directory }: QueueBenchOptions): Promise<BenchRow> {
  const scratch = mkdtempSync(join(directory, "queue-bench-"));
  const queue = await openScratch(join(scratch, "bound.db"));
  try {
    await fill(queue, 100_000, "others");
    await fill(queue, 100, "own");
    const [ours, peers]: [number[], number[]] = [[], []];
    for (let round = 0; round < 300; round += 1) {
      ours.push(await claimAndReplace(queue, round, "own"));
      peers.push(await claimAndReplace(queue, round));
    }
    const [bound, unbound] = [median(ours), median(peers)];
    return {
      work: "claim of a namespace with 100 of 100,100 queued, ms, against one of all",
      ours: bound,
      peer: unbound,
      ratio: bound / unbound,
      target: "≤ 2",
    };
  } finally {
    await queue.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

export async function benchQueue(options: QueueBenchOptions): Promise<readonly BenchRow[]> {
  return [
    await benchClaimAndSettle({ ...options, concurrency: 10 }),
    await benchClaimAndSettle({ ...options, concurrency: 1 }),
    await benchClaimDepth(options),
    await benchBoundClaim(options),
  ];
}

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

/** The time of one claim, of a namespace or of all; the queue is as deep as before afterwards. */
export async function claimAndReplace(queue: Queue, n: number, namespace?: string): Promise<number> {
  const start = performance.now();
  const { lease, task } = await needClaim(queue, namespace);
  const took = performance.now() - start;
  await queue.settle(lease, result, null);
  await queue.addTask(taskOf(n, task.spec.namespace));
  return took;
}

async function needClaim(queue: Queue, namespace?: string): Promise<Claim> {
  const claim = await queue.claim({ ...terms, ...(namespace !== undefined && { namespaces: [namespace] }) });
  if (!claim) throw new Error("the queue is empty too early");
  return claim;
}

async function drainPeer(peer: ReturnType<typeof defineQueue>, tasks: number): Promise<void> {
  for (let n = 0; n < tasks; n += 1) {
    const job = peer.getAndMarkJobAsProcessing("task");
    if (!job) throw new Error("the peer's queue is empty too early");
    peer.markJobAsDone(job.id);
  }
}

export async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
