import { afterEach, beforeEach, expect, test } from "vitest";
import { runSettings } from "../../packages/cli/src/driving/run-settings.ts";
import { reconcileReports } from "../../packages/server/src/reports/index.ts";
import { effectiveSettings, type TaskSpec } from "../../packages/shared/src/domain/index.ts";
import type { Claim } from "../../packages/shared/src/queue/index.ts";
import {
  line,
  newTask,
  terms,
  textOf,
  type StoreHarness,
} from "../../packages/shared/src/queue/queue.harness.ts";
import { createLevelDetector } from "../../packages/shared/src/domain/log/level.ts";
import { reportOf } from "../../packages/shared/src/queue/reports.suite.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";

const judge = { detect: createLevelDetector(), dropDebug: false };

let store: StoreHarness;
beforeEach(async () => {
  store = await openSqliteHarness();
});
afterEach(() => store.dispose());

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const settings = runSettings(effectiveSettings({ database: {} }));

/** A task that a driver of another cluster runs. */
async function driven(spec: TaskSpec = { command: ["x"] }): Promise<Claim> {
  const { queue, world } = store;
  await queue.addTask(newTask({ spec }));
  const there = { cluster: "c1", defaultRunner: "kubernetes" } as const;
  const claim = await queue.claim(terms(world.holder(1), there));
  if (!claim) throw new Error("nothing to claim");
  return claim;
}

const reconcile = () => {
  const { queue, reports, world } = store;
  return reconcileReports({
    queue,
    reports,
    settings,
    clock: world.clock,
    holder: world.holder(9),
    log: silent,
  });
};
const of = ({ lease }: Claim) => ({ taskId: lease.taskId, number: lease.attempt });
/** The lease's minute and the grace. */
const pass = (seconds = 150) => {
  store.world.now += seconds * 1000;
};
const oneLine = {
  sequence: 1,
  stdout: { bytes: 2, sha256: "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7" },
  stderr: { bytes: 0, sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
};

test("an attempt that nobody drives any more gets the result that its agent told, with its log", async () => {
  const claim = await driven();
  await store.reports.appendLog(of(claim), [line(1, "a")], judge);
  await store.reports.recordResult(of(claim), reportOf(claim.task.id, oneLine));
  pass(149);
  expect(await reconcile()).toEqual([]);
  pass(1);
  const [task] = await reconcile();
  expect(task).toMatchObject({
    status: "FAILED",
    attempt: { exitCode: 7, reason: "Error", message: "日本語" },
  });
  expect(task?.attempt?.log).toMatchObject({ bytes: 2, complete: true });
  expect(await reconcile()).toEqual([]);
  await expect(store.queue.renewLease(claim.lease)).resolves.toEqual({ held: false });
});

test("what was not brought of the log is a gap, and said to be", async () => {
  const claim = await driven();
  await store.reports.recordResult(of(claim), reportOf(claim.task.id, { ...oneLine, exitCode: 0 }));
  pass();
  const [task] = await reconcile();
  expect(task).toMatchObject({ status: "COMPLETED", attempt: { log: { complete: false } } });
  expect(await textOf(store.queue, { taskId: claim.task.id, attempt: 1 })).toBe("");
});

test("without a result, and while somebody holds the lease, nothing is settled", async () => {
  const silentOne = await driven();
  const held = await driven();
  await store.reports.recordHeartbeat(of(silentOne));
  await store.reports.recordResult(of(held), reportOf(held.task.id));
  pass(59);
  await store.queue.renewLease(held.lease);
  pass(100);
  expect(await reconcile()).toEqual([]);
  expect((await store.queue.getTask(held.task.id))?.status).toBe("IN_PROGRESS");
});

test("many servers settle an attempt once", async () => {
  const claim = await driven();
  await store.reports.recordResult(of(claim), reportOf(claim.task.id));
  pass();
  const settled = (await Promise.all([reconcile(), reconcile(), reconcile()])).flat();
  expect(settled.map(({ id }) => id)).toEqual([claim.task.id]);
  const events = await store.queue.readEvents({ after: 0, taskId: claim.task.id });
  expect(events.filter(({ type }) => type === "AttemptFinished")).toHaveLength(1);
});

test("artifacts are waited for as long as their Pod may stay; required ones that are lost fail the task", async () => {
  const claim = await driven({ command: ["x"], artifacts: { paths: ["out"], required: true } });
  const finishedAt = new Date(store.world.now).toISOString();
  const report = reportOf(claim.task.id, { exitCode: 0, finishedAt });
  await store.reports.recordResult(of(claim), report);
  pass();
  expect(await reconcile()).toEqual([]);
  pass(3600);
  expect(await reconcile()).toMatchObject([
    { status: "FAILED", attempt: { reason: "ArtifactsMissing", artifacts: { status: "Missing" } } },
  ]);
});

test("artifacts that were uploaded are nothing to wait for, and count", async () => {
  const claim = await driven({ command: ["x"], artifacts: { paths: ["out"], required: true } });
  const finishedAt = new Date(store.world.now).toISOString();
  await store.reports.recordResult(of(claim), reportOf(claim.task.id, { exitCode: 0, finishedAt }));
  const file = { path: "out", bytes: 1, sha256: "ab".repeat(32), skipped: null };
  const summary = { status: "Collected", files: 1, bytes: 1, message: "" } as const;
  await store.reports.recordArtifacts(of(claim), [file], summary);
  pass();
  expect(await reconcile()).toMatchObject([{ status: "COMPLETED", attempt: { artifacts: summary } }]);
  expect(await store.queue.listArtifacts(claim.task.id, 1)).toEqual([file]);
});

test("a command that was told to end after somebody had it cancelled is cancelled", async () => {
  const claim = await driven();
  await store.queue.cancelTask(claim.task.id, "me");
  await store.reports.recordResult(of(claim), reportOf(claim.task.id, { exitCode: null, signal: "SIGTERM" }));
  pass();
  expect(await reconcile()).toMatchObject([{ status: "CANCELLED", attempt: { reason: "Cancelled" } }]);
});

test("a command that was told to end with its Pod was lost, and is tried again", async () => {
  const claim = await driven();
  await store.reports.recordResult(of(claim), reportOf(claim.task.id, { exitCode: null, signal: "SIGTERM" }));
  pass();
  expect(await reconcile()).toMatchObject([
    { status: "PENDING", attempt: { reason: "PodLost", exitCode: 143 } },
  ]);
});

test("what the task or the settings say is tried again", async () => {
  const claim = await driven({ command: ["x"], retry: { attempts: 2, on: [7], backoff: "1s" } });
  await store.reports.recordResult(of(claim), reportOf(claim.task.id));
  pass();
  expect(await reconcile()).toMatchObject([{ status: "PENDING", attempt: { exitCode: 7 } }]);
});
