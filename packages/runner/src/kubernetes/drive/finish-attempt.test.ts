import { KerutaError, type AgentReport, type AttemptResult, type LogEntry } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import type { Pod } from "../../cluster/objects.ts";
import { memoryLog } from "../../follow/follow.harness.ts";
import { keeperOf, newWorld } from "../../follow/log-keeper.harness.ts";
import { finishAttempt, type FinishAttempt } from "./finish-attempt.ts";

const lease = { taskId: "aaaaaaaaaa", attempt: 1, token: "t" };
const pod: Pod = { metadata: { name: "p", uid: "p" }, status: { phase: "Pending" } };
const now = Date.parse("2026-11-26T00:00:00Z");
const digest = { bytes: 0, sha256: "0".repeat(64) };
const report: AgentReport = {
  version: 1,
  taskId: lease.taskId,
  exitCode: 0,
  signal: null,
  startError: null,
  timedOut: false,
  stopped: null,
  restarts: 0,
  startedAt: "2026-11-26T00:00:00Z",
  finishedAt: "2026-11-26T00:00:00Z",
  stdout: digest,
  stderr: digest,
  sequence: 0,
  spoolComplete: true,
  leavesArtifacts: false,
  oomKills: 0,
  peakMemoryBytes: null,
  message: "",
};
const output = (sequence: number, words: string): LogEntry => ({
  kind: "output",
  sequence,
  time: 1,
  stream: "stdout",
  level: "INFO",
  bytes: new TextEncoder().encode(words),
  newline: true,
});

/** An attempt whose Pod is gone, and of which the driver never saw that it ran; what the agent brought meanwhile. */
async function finishUnseen(
  pods: readonly Pod[],
  brought: readonly LogEntry[],
  { stopped = false, wrapped = true, podGone = true } = {},
) {
  const store = memoryLog();
  const log = await keeperOf(store, newWorld());
  if (brought.length > 0) await store.appendLog(lease, brought);
  const settled: AttemptResult[] = [];
  const patches: object[] = [];
  const queue = {
    ...store,
    settle: async (_: object, result: AttemptResult) => void settled.push(result),
  };
  const deps = {
    queue,
    clock: () => now,
    timers: { after: () => () => undefined },
    settings: { retryAttempts: 1, retryBackoff: 1000, retryOn: [] },
    plan: { api: null },
    observer: { notice: () => undefined },
    crashPoint: () => undefined,
    jobTtl: 1000,
    cluster: {
      patchJob: async (_: string, __: string, patch: object) => void patches.push(patch),
      exec: () => Promise.reject(new KerutaError("KRT_CLUSTER_REFUSED", { en: "gone", ja: "" })),
    },
  };
  const input = {
    claim: { task: { spec: {}, cancelRequestedAt: null }, attempt: { number: 1 }, lease, attemptsMade: 1 },
    facts: { wrapped, wantsArtifacts: false },
    log,
    job: { metadata: { name: "j", uid: "j", creationTimestamp: new Date(now - 60_000).toISOString() } },
    seen: {
      evidence: {
        jobGone: false,
        pod: pods[0] ?? null,
        podGone,
        events: [],
        createdAt: 0,
        wait: null,
        terminatingSince: null,
      },
      failure: null,
      stopped,
      timedOut: null,
      pod: pods[0] ?? null,
    },
    isFollowed: false,
    handedOver: null,
    lost: AbortSignal.abort(),
  };
  await finishAttempt(
    deps as unknown as Parameters<typeof finishAttempt>[0],
    input as unknown as FinishAttempt,
  );
  return { result: settled[0], entries: store.entries, patches };
}

test.each([
  ["whose Pod was seen before it ran", [pod]],
  ["whose Pod was never seen", []],
])("what the agent of an attempt brought %s is of its log, which is not complete", async (_, pods) => {
  const { result, entries } = await finishUnseen(pods, [output(1, "one"), output(2, "two")]);
  expect(result).toMatchObject({ reason: "PodLost", log: { bytes: 8, complete: false } });
  expect(entries.at(-1)).toMatchObject({ kind: "gap", sequence: 3, reason: "agent-killed" });
});

test("an attempt that never ran has a log that is empty and complete", async () => {
  const { result, entries } = await finishUnseen([pod], []);
  expect(result).toMatchObject({ log: { bytes: 0, complete: true } });
  expect(entries).toEqual([]);
});

test("what an image without an agent leaves as its last words is no report", async () => {
  const message = JSON.stringify(report);
  const main = { name: "main", state: { terminated: { exitCode: 3, message } } };
  const ended: Pod = { ...pod, status: { phase: "Failed", containerStatuses: [main] } };
  expect((await finishUnseen([ended], [])).result).toMatchObject({ reason: "Completed", exitCode: 0 });
  const { result } = await finishUnseen([ended], [], { wrapped: false });
  expect(result).toMatchObject({ reason: "Error", exitCode: 3, message });
});

test.each<readonly [string, number, string, string | null, string]>([
  ["before its Pod was deleted is its own", 0, "2026-11-26T00:00:04Z", "2026-11-26T00:00:05Z", "Completed"],
  ["badly before its Pod was deleted is its own", 3, "2026-11-26T00:00:04Z", "2026-11-26T00:00:05Z", "Error"],
  ["before the deletion was seen is its own", 0, "2026-11-26T00:00:04Z", null, "Completed"],
  ["in the second of the deletion is not", 0, "2026-11-26T00:00:05Z", "2026-11-26T00:00:05Z", "Cancelled"],
  ["by a signal is not", 143, "2026-11-26T00:00:04Z", "2026-11-26T00:00:05Z", "Cancelled"],
])(
  "a cancelled command without an agent: an end that came %s",
  async (_, exitCode, finishedAt, deleted, reason) => {
    const grace = 10;
    const deletionTimestamp = new Date(Date.parse(deleted ?? finishedAt) + grace * 1000);
    const main = { name: "main", state: { terminated: { exitCode, finishedAt } } };
    const ended: Pod = {
      metadata: {
        ...pod.metadata,
        ...(deleted !== null && {
          deletionTimestamp: deletionTimestamp.toISOString(),
          deletionGracePeriodSeconds: grace,
        }),
      },
      status: { phase: "Running", containerStatuses: [main] },
    };
    const { result } = await finishUnseen([ended], [], { stopped: true, wrapped: false, podGone: false });
    expect(result).toMatchObject({ reason });
  },
);

test("a settled Job has a TTL, and a deadline unless it was ended before", async () => {
  const ttlSecondsAfterFinished = 1;
  const { patches } = await finishUnseen([pod], []);
  expect(patches).toEqual([{ spec: { ttlSecondsAfterFinished, activeDeadlineSeconds: 60 + 360 } }]);
  expect((await finishUnseen([pod], [], { stopped: true })).patches).toEqual([
    { spec: { ttlSecondsAfterFinished } },
  ]);
});
