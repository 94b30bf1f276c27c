import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLevelWords, stops, type AgentReport, type Task } from "@keruta/shared/domain";
import type { Holder, Queue } from "@keruta/shared/queue";
import { openSqliteQueue } from "@keruta/shared/queue/sqlite";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { settleByReport } from "../../reports/settle-by-report.ts";
import { reportOf } from "./report-of.ts";

const clock = () => Math.floor(performance.timeOrigin + performance.now());
const self: Holder = { host: "h", user: "u", pid: 1, bootId: "", pidNamespace: "", startTime: "" };
const settings = {
  retryAttempts: 2,
  retryBackoff: 1000,
  retryOn: ["command"],
  levelWords: defaultLevelWords,
};

let directory: string;
let queue: Queue;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keruta-report-"));
  const processes = { self, startTimeOf: () => undefined };
  queue = await openSqliteQueue({
    path: join(directory, "keruta.db"),
    processes,
    clock,
    random: randomBytes,
  });
});
afterEach(async () => {
  await queue.close();
  await rm(directory, { recursive: true });
});

const podSaying = (message: string) => ({
  metadata: { name: "p", uid: "p" },
  status: { containerStatuses: [{ name: "main", state: { terminated: { exitCode: 0, message } } }] },
});

/** Settles an attempt that has some log by a Pod's last words; undefined where they are no report. */
async function settleBy(message: string): Promise<Task | undefined> {
  const report = reportOf(podSaying(message));
  if (!report) return undefined;
  const terms = { holder: self, runners: ["kubernetes"], defaultRunner: "kubernetes" } as const;
  const task = { title: "t", description: "", priority: 0, labels: {}, spec: {}, createdBy: "me" };
  const { claim } = await queue.addTask({ ...task, claim: terms });
  if (!claim) throw new Error("not claimed");
  const words = { stream: "stdout", level: "INFO", bytes: Buffer.from("words"), newline: true } as const;
  await queue.appendLog(claim.lease, [{ kind: "output", sequence: 1, time: clock(), ...words }]);
  const deps = { queue, settings, clock } as unknown as Parameters<typeof settleByReport>[0];
  return settleByReport(
    deps,
    { ...claim, logPosition: { sequence: 1, stdoutBytes: 6, stderrBytes: 0 } },
    report,
  );
}

const count = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 1, 6, Number.MAX_SAFE_INTEGER));
const digest = fc.record({ bytes: count, sha256: fc.constant("0".repeat(64)) });
const time = fc.date({ noInvalidDate: true }).map((date) => date.toJSON());
const honest: Record<keyof AgentReport, fc.Arbitrary<unknown>> = {
  version: fc.constant(1),
  taskId: fc.string(),
  exitCode: fc.oneof(fc.nat(255), fc.constant(null)),
  signal: fc.constantFrom("SIGTERM", "SIGNONE", null),
  startError: fc.constantFrom("not-found", null),
  timedOut: fc.boolean(),
  stopped: fc.constantFrom(...stops, null),
  restarts: count,
  startedAt: time,
  finishedAt: time,
  stdout: digest,
  stderr: digest,
  sequence: count,
  spoolComplete: fc.boolean(),
  leavesArtifacts: fc.boolean(),
  oomKills: count,
  peakMemoryBytes: fc.oneof(count, fc.constant(null)),
  message: fc.string({ unit: "binary" }),
};
const names = Object.keys(honest) as (keyof AgentReport)[];
const hostile = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom("constructor", "__proto__", {}, [], 256, -1, "SIG\0"),
);
const reports = fc
  .tuple(fc.record(honest), fc.dictionary(fc.constantFrom(...names), hostile, { maxKeys: 2 }))
  .map(([report, changes]) => JSON.stringify({ ...report, ...changes }));

test("whatever a command leaves as its report, its attempt settles or there is none", async () => {
  const seen = { settled: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 9, arbitrary: reports }, fc.json()), async (message) => {
      const task = await settleBy(message);
      seen[task ? "settled" : "refused"] += 1;
      if (!task) return;
      const { attempt } = (await queue.getTask(task.id)) ?? {};
      expect(attempt).toMatchObject({ phase: "Done", message: expect.any(String) });
      expect(attempt?.exitCode ?? 0).toBeOneOf(Array.from({ length: 256 }, (_, code) => code));
      expect(attempt?.peakMemoryBytes ?? 0).toSatisfy(Number.isSafeInteger);
    }),
    { numRuns: 150 },
  );
  expect(Math.min(seen.settled, seen.refused)).toBeGreaterThan(20);
});
