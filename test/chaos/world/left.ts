import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "../../../packages/runner/src/cluster/objects.ts";
import type { Task } from "../../../packages/shared/src/domain/index.ts";
import { eventually } from "./eventually.ts";
import { attemptOf, type Namespace } from "./namespace.ts";
import type { Round } from "./round-state.ts";
import { filesBelow } from "./watch.ts";

/** A sidecar that nobody told to end does so by itself, five minutes after it was asked to wait. */
const podsEndWithin = 330_000;

/**
 * The Job controller waits this long for a Pod that it made and never saw, as where the API server was away from the
 * Pod's start to its end, and looks again when the Job changes: else after twelve hours (`ExpectationsTimeout` and
 * `MinResyncPeriod` of Kubernetes 1.35).
 */
const expectationsTimeout = 300_000;

/** What is there after the end and should not be. */
export async function whatIsLeft(round: Round, tasks: readonly Task[]): Promise<readonly string[]> {
  const { arena } = round;
  const found = [
    ...(await leftProcesses(arena.sandbox.directory)),
    ...(await leftDirectories(join(arena.state, "runs"))),
    ...(await leftParts(arena.artifacts)),
    ...(await databaseProblems(round)),
  ];
  return arena.namespace ? [...found, ...(await leftObjects(arena.namespace, tasks))] : found;
}

/** Of commands and agents: all have the round's directory in what they were started with. */
async function leftProcesses(directory: string): Promise<readonly string[]> {
  const look = async () => {
    const found: string[] = [];
    for (const pid of (await readdir("/proc")).filter(
      (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
    )) {
      const line = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
      if (line.includes(directory)) found.push(`process ${pid}: ${line.slice(0, 200)}`);
    }
    return found;
  };
  const isGone = async () => ((await look()).length === 0 ? true : undefined);
  await eventually(isGone, { milliseconds: 10_000 });
  return await look();
}

async function leftDirectories(runs: string): Promise<readonly string[]> {
  const queues = await readdir(runs).catch(() => []);
  const left = await Promise.all(
    queues.map(async (queue) => (await readdir(join(runs, queue))).map((name) => join(queue, name))),
  );
  return left.flat().map((name) => `directory of a run: ${name}`);
}

async function leftParts(artifacts: string): Promise<readonly string[]> {
  return (await filesBelow(artifacts))
    .filter(({ path }) => /\.part(\/|$)/.test(path))
    .map(({ path }) => `half-received: ${path}`);
}

async function databaseProblems({ arena }: Round): Promise<readonly string[]> {
  const KERUTA_DB = arena.database.startsWith("postgres:") ? arena.database : `sqlite:${arena.database}`;
  const { code, stderr } = await arena.sandbox.run(["db", "check"], { env: { KERUTA_DB } });
  return code === 0 ? [] : [`keruta db check ended with ${String(code)}: ${stderr}`];
}

/** Jobs go by their TTL, and what they own with them: until then they have ended, and are of attempts that there are. */
async function leftObjects(namespace: Namespace, tasks: readonly Task[]): Promise<readonly string[]> {
  const isKnown = new Set(
    tasks.flatMap(({ id, attempts }) => attempts.map(({ number }) => `${id}-${String(number)}`)),
  );
  const livePods = async () =>
    (await namespace.pods()).filter(
      ({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed",
    );
  const isQuiet = async () => {
    const jobs = await namespace.jobs();
    for (const job of jobs.filter(isForgotten)) await namespace.touchJob(job.metadata.name);
    return (await livePods()).length === 0 && jobs.every(isOver) ? true : undefined;
  };
  await eventually(isQuiet, { milliseconds: podsEndWithin, interval: 1000 });
  const left = (await livePods()).map(
    ({ metadata, status }) =>
      `Pod ${metadata.name} is ${String(status?.phase)}${metadata.deletionTimestamp === undefined ? "" : " and being deleted"}`,
  );
  const jobs = await namespace.jobs();
  for (const job of jobs) {
    const { metadata, spec } = job;
    const attempt = attemptOf(metadata);
    const name = attempt && `${attempt.taskId}-${String(attempt.number)}`;
    if (name === undefined || !isKnown.has(name)) left.push(`Job ${metadata.name} is of no attempt`);
    if (!isOver(job)) left.push(`Job ${metadata.name} has not ended`);
    if (spec?.ttlSecondsAfterFinished === undefined) left.push(`Job ${metadata.name} would stay for ever`);
  }
  const owners = new Set(jobs.map(({ metadata }) => metadata.uid));
  for (const { metadata } of await namespace.secrets()) {
    if (attemptOf(metadata) === undefined) continue;
    const owner = metadata.ownerReferences?.[0]?.uid;
    // The collector of garbage takes a moment for those whose Job has just gone.
    if (owner === undefined) left.push(`Secret ${metadata.name} has no owner`);
    else if (!owners.has(owner) && metadata.deletionTimestamp === undefined)
      left.push(`Secret ${metadata.name} outlived its Job`);
  }
  return left;
}

function isForgotten(job: Job): boolean {
  const { active = 0, failed = 0, succeeded = 0, startTime = "" } = job.status ?? {};
  const isOld = Date.now() - Date.parse(startTime) > expectationsTimeout;
  return !isOver(job) && active === 0 && failed + succeeded > 0 && isOld;
}

function isOver({ status }: Job): boolean {
  const ends = ["Complete", "Failed"];
  return status?.conditions?.some(({ type, status: is }) => is === "True" && ends.includes(type)) === true;
}
