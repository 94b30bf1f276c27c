import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { DriveOutcome, Timers } from "@keruta/runner/stages";
import type { AttemptResult, RunnerName } from "@keruta/shared/domain";
import type { Claim, ClaimTerms, Holder, Queue } from "@keruta/shared/queue";
import { openSqliteQueue } from "@keruta/shared/queue/sqlite";
import type { DriveSignals } from "./attempts.ts";
import type { WorkerReport } from "./report.ts";
import { createWorker, type Worker, type WorkerEnd, type WorkerOptions } from "./worker.ts";

/** One attempt that a worker under test drives, in the test's hand. */
export interface Driven {
  readonly claim: Claim;
  readonly signals: DriveSignals;
  settle(result?: Partial<AttemptResult>, notBefore?: number): Promise<void>;
  end(outcome: DriveOutcome): void;
  fail(error: unknown): void;
}

export interface WorkerHarness extends AsyncDisposable {
  readonly queue: Queue;
  readonly worker: Worker;
  readonly ended: Promise<WorkerEnd>;
  /** All that was driven so far, in order. */
  readonly driven: readonly Driven[];
  /** The names of what was reported, in order. */
  readonly said: readonly string[];
  add(count: number, runner?: RunnerName): Promise<readonly string[]>;
  /** Resolves when so many have been driven. */
  drove(count: number): Promise<void>;
}

export type Change = Partial<WorkerOptions> & {
  /** Wraps the queue that the worker sees. */
  readonly seen?: (queue: Queue) => Queue;
  /** Time goes so much faster for the worker's timers. */
  readonly speed?: number;
};

export const holder: Holder = {
  host: "here",
  user: "me",
  pid: 1,
  bootId: "boot",
  pidNamespace: "pid:[1]",
  startTime: "s1",
};

const completed: AttemptResult = {
  finishedAt: "2026-01-01T00:00:01.000Z",
  exitCode: 0,
  signal: null,
  reason: "Completed",
  category: "command",
  retryable: false,
  message: "",
  peakMemoryBytes: null,
  log: { bytes: 0, sha256: "00", complete: true },
  artifacts: null,
};

const clock = () => Math.floor(performance.timeOrigin + performance.now());

/** A worker on a real queue, whose attempts end when the test says so. */
export async function startWorker(change: Change = {}): Promise<WorkerHarness> {
  const directory = await mkdtemp(join(tmpdir(), "keruta-worker-"));
  const processes = { self: holder, startTimeOf: () => "s1" };
  const queue = await openSqliteQueue({
    path: join(directory, "keruta.db"),
    processes,
    clock,
    random: randomBytes,
  });
  const { seen = (same: Queue) => same, speed = 1, ...options } = change;
  const terms: ClaimTerms = { holder, runners: ["local", "kubernetes"], defaultRunner: "local" };
  const driven: Driven[] = [];
  const said: string[] = [];
  const worker = createWorker({
    queue: seen(queue),
    concurrency: 1,
    untilEmpty: false,
    reach: async () => terms,
    drive: (claim, signals) => {
      const { promise, resolve, reject } = Promise.withResolvers<DriveOutcome>();
      const settle: Driven["settle"] = async (result, notBefore) => {
        const retry = notBefore === undefined ? null : { notBefore: new Date(notBefore).toISOString() };
        resolve({
          kind: "settled",
          task: await queue.settle(claim.lease, { ...completed, ...result }, retry),
        });
      };
      driven.push({ claim, signals, settle, end: resolve, fail: reject });
      return promise;
    },
    report: spokenReport(said),
    timers: fasterTimers(speed),
    clock,
    random: () => 0.5,
    user: "me@here",
    ...options,
  });
  const ended = worker.run();
  ended.catch(() => undefined);
  return {
    queue,
    worker,
    ended,
    driven,
    said,
    async add(count, runner = "local") {
      const task = { title: "t", description: "", priority: 0, labels: {}, createdBy: "me" };
      const spec = { command: ["true"], runner };
      const added = await Promise.all(Array.from({ length: count }, () => queue.addTask({ ...task, spec })));
      return added.map(({ task: { id } }) => id);
    },
    async drove(count) {
      await vi.waitFor(
        () => {
          if (driven.length < count)
            throw new Error(`${String(driven.length)} of ${String(count)} were driven`);
        },
        { timeout: 10_000, interval: 5 },
      );
    },
    async [Symbol.asyncDispose]() {
      worker.drain();
      for (const each of driven) each.end({ kind: "lost" });
      await ended.catch(() => undefined);
      await queue.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function spokenReport(said: string[]): WorkerReport {
  return {
    ready: () => said.push("ready"),
    started: ({ takenOver }) => said.push(takenOver ? "taken over" : "started"),
    ended: (_, { kind }) => said.push(kind),
    failed: () => said.push("failed"),
    away: (what) => said.push(`${what} away`),
    back: (what) => said.push(`${what} back`),
    draining: (live) => said.push(`draining ${String(live)}`),
    handingOver: (live) => said.push(`handing over ${String(live)}`),
  };
}

function fasterTimers(speed: number): Timers {
  return {
    after(milliseconds, act) {
      const timer = setTimeout(act, milliseconds / speed);
      return () => {
        clearTimeout(timer);
      };
    },
    every(milliseconds, act) {
      const timer = setInterval(act, milliseconds / speed);
      return () => {
        clearInterval(timer);
      };
    },
  };
}
