import { createHash } from "node:crypto";
import {
  clusterEnd,
  createLevelDetector,
  createLineLevels,
  isKerutaError,
  type AgentReport,
  type Task,
} from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { completeLog } from "../../follow/complete-log.ts";
import { createLogKeeper, type LogKeeper } from "../../follow/log-keeper.ts";
import { jobFacts, planJob, type JobFacts } from "../../plan/index.ts";
import { createControlSink } from "../../stages/control-sink.ts";
import type { DriveOutcome } from "../../stages/drive-outcome.ts";
import { startHeartbeat, type Heartbeat } from "../../stages/heartbeat.ts";
import { settleAttempt } from "../../stages/settle.ts";
import { watchAttempt } from "./attempt-watch.ts";
import { acknowledge, sidecarWaits } from "./acknowledge.ts";
import { collectFromPod } from "./collect-from-pod.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { followPodLog } from "./follow-pod-log.ts";
import { followRawLog } from "./follow-raw-log.ts";
import { podSpoolReader } from "./pod-spool.ts";
import { reportOf } from "./report-of.ts";
import { seeToEnd, type Seen } from "./see-to-end.ts";
import { submitJob, type Submitted } from "./submit-job.ts";

/**
 * Drives one claimed attempt on a cluster to its settled result, or goes on where another driver stopped.
 *
 *   claim ─▶ plan ─▶ submit ─▶ watch ─┬─▶ follow ─▶ complete log ─▶ collect ─▶ settle ─▶ TTL
 *                                     └─▶ stop, where someone cancels or the start fails ─┘
 */
export async function driveOnCluster(deps: ClusterRunnerDeps, claim: Claim): Promise<DriveOutcome> {
  const { queue, timers, clock } = deps;
  deps.crashPoint("claimed");
  const heartbeat = startHeartbeat({ queue, lease: claim.lease, timers, clock });
  try {
    const task = await drive(deps, claim, heartbeat);
    if (task) return { kind: "settled", task };
    if (heartbeat.lost.aborted) return { kind: "lost" };
    await queue.releaseLease(claim.lease);
    return { kind: "left" };
  } catch (error) {
    if (isKerutaError(error, "KRT_LEASE_LOST")) return { kind: "lost" };
    throw error;
  } finally {
    await heartbeat.stop();
  }
}

async function drive(deps: ClusterRunnerDeps, claim: Claim, heartbeat: Heartbeat): Promise<Task | undefined> {
  const { queue } = deps;
  const { lease, task, attempt } = claim;
  const planned = {
    task,
    attempt: attempt.number,
    queueUid: queue.uid,
    fence: fenceOf(queue.uid, claim),
    settings: deps.plan,
  };
  const facts = jobFacts(planned);
  const cluster = deps.cluster.inNamespace(facts.namespace);
  const own: ClusterRunnerDeps = { ...deps, cluster };
  const log = await createLogKeeper({
    queue,
    lease,
    position: claim.logPosition,
    show: (entries) => deps.observer.entries(entries),
  });
  const cancel = AbortSignal.any([deps.cancel, heartbeat.cancelRequested]);
  const away = AbortSignal.any([heartbeat.lost, deps.detach]);

  const submitted = await submitJob(own, { claim, manifest: planJob(planned), cancel, lost: heartbeat.lost });
  if (submitted.kind !== "submitted") return settleUnsubmitted(own, claim, log, submitted);
  return driveJob(own, { claim, facts, log, cancel, away, lost: heartbeat.lost, job: submitted.job });
}

interface DriveJob {
  readonly claim: Claim;
  readonly facts: JobFacts;
  readonly log: LogKeeper;
  readonly cancel: AbortSignal;
  readonly away: AbortSignal;
  readonly lost: AbortSignal;
  readonly job: Extract<Submitted, { kind: "submitted" }>["job"];
}

async function driveJob(deps: ClusterRunnerDeps, input: DriveJob): Promise<Task | undefined> {
  const { claim, log, cancel, away, job } = input;
  const { cluster, settings } = deps;
  const spec = deps.plan.complete(claim.task.spec);
  const levelOf = createLineLevels(createLevelDetector(settings.levelWords));
  const watch = watchAttempt({ cluster, job, taskId: claim.task.id, attempt: claim.attempt.number });
  const containerEnded = new AbortController();
  const stopFollowing = new AbortController();
  const controls = createControlSink(deps, claim, true);
  let following: Promise<boolean> | undefined;
  try {
    const seen = await seeToEnd(deps, {
      claim,
      job,
      watch,
      graces: deps.graces(spec.pendingTimeout),
      timeout: input.facts.wrapped ? null : spec.timeout,
      cancel,
      away,
      onStarted: (pod, justNow) => {
        deps.crashPoint("running");
        const stop = AbortSignal.any([away, stopFollowing.signal]);
        if (!input.facts.wrapped) {
          deps.observer.notice(unwrappedWords);
          const raw = { pod: pod.metadata.name, log, levelOf, containerEnded: containerEnded.signal, stop };
          following = followRawLog(deps, raw).then(() => true);
          following.catch(() => undefined);
          return;
        }
        following = followPodLog(deps, {
          pod: pod.metadata.name,
          container: "main",
          log,
          levelOf,
          onControl: (control, time) => {
            controls.take(control, time);
          },
          readSpool: podSpoolReader(cluster, pod.metadata.name, away),
          fromStart: justNow && log.position.sequence === 0,
          containerEnded: containerEnded.signal,
          stop,
        });
        // Awaited below, or thrown away with the attempt.
        following.catch(() => undefined);
      },
      onContainerEnded: () => {
        containerEnded.abort();
      },
    });
    if (!seen) return undefined;
    deps.crashPoint("ended");
    await following;
    if (away.aborted) return undefined;
    return await finish(deps, { ...input, seen });
  } finally {
    stopFollowing.abort();
    await following?.catch(() => undefined);
    await controls.flush();
    await watch.stop();
  }
}

/** Said once: what running the image's own process, without the agent, gives up. */
const unwrappedWords = {
  en: "this image runs without the agent: streams are not told apart, secrets in its output not masked, no progress, and the log is as the API gives it",
  ja: "このイメージはエージェントなしで実行されます。出力の区別、出力中のシークレットの伏せ字、進捗はなく、ログは API が返すままを保存します",
};

async function finish(deps: ClusterRunnerDeps, input: DriveJob & { readonly seen: Seen }): Promise<Task> {
  const { claim, facts, log, job, seen, lost } = input;
  const { cluster } = deps;
  const pod = seen.pod?.metadata.name;
  const report = seen.pod ? reportOf(seen.pod) : null;
  const levelOf = createLineLevels(createLevelDetector(deps.settings.levelWords));
  const ranWrapped = facts.wrapped && seen.failure === null && seen.pod !== null && hasStarted(seen);
  const summary =
    ranWrapped && pod !== undefined
      ? await completeLog({
          log,
          report,
          readSpool: tolerant(deps, podSpoolReader(cluster, pod, lost)),
          levelOf,
          clock: deps.clock,
        })
      : log.summary(true);
  deps.crashPoint("logged");

  const mayCollect = ranWrapped && pod !== undefined && mayHaveArtifacts(facts, report);
  const artifacts = mayCollect
    ? await collectFromPod(deps, {
        claim,
        pod,
        collectArgs: facts.collectArguments,
        wantsArtifacts: facts.wantsArtifacts,
        lost,
      })
    : null;
  deps.crashPoint("collected");

  if (pod !== undefined && (mayCollect || sidecarWaits(ranWrapped, report))) await acknowledge(cluster, pod);

  const required = claim.task.spec.artifacts?.required === true;
  const missing = required && artifacts?.status !== "Collected";
  const end = clusterEnd(seen.evidence, { report, wrapped: facts.wrapped, failure: seen.failure });
  const task = await settleAttempt(deps, {
    claim,
    evidence: {
      report,
      cluster: seen.timedOut === null ? end : { ...end, timedOut: seen.timedOut },
      preparation: null,
      cancelled: seen.stopped && report === null,
      artifactsMissing: missing ? (artifacts?.message ?? "no artifact was collected") : null,
      agentEnd: null,
    },
    log: summary,
    artifacts,
  });
  deps.crashPoint("settled");
  await shortenLife(deps, job);
  return task;
}

/** The Job keeps its name until its TTL: a stalled driver cannot start the attempt again meanwhile. */
async function shortenLife(
  { cluster, jobTtl }: ClusterRunnerDeps,
  { metadata }: DriveJob["job"],
): Promise<void> {
  const spec = { ttlSecondsAfterFinished: Math.ceil(jobTtl / 1000) };
  try {
    await cluster.patchJob(metadata.name, metadata.uid, { spec });
  } catch (error) {
    // The result is settled, and a day's TTL stands: a cluster that is away now changes neither.
    if (!isKerutaError(error)) throw error;
  }
}

async function settleUnsubmitted(
  deps: ClusterRunnerDeps,
  claim: Claim,
  log: LogKeeper,
  submitted: Exclude<Submitted, { kind: "submitted" }>,
): Promise<Task> {
  const failure =
    submitted.kind === "refused"
      ? ({
          reason: "SubmitFailed",
          category: submitted.retryable ? "start" : "task-definition",
          message: submitted.message,
        } as const)
      : null;
  const gone = { reason: "PodLost", message: "The Job was deleted before its driver saw its end." } as const;
  return settleAttempt(deps, {
    claim,
    evidence: {
      report: null,
      cluster: { timedOut: null, disruption: submitted.kind === "gone" ? gone : null, main: null, failure },
      preparation: null,
      cancelled: submitted.kind === "cancelled",
      artifactsMissing: null,
      agentEnd: null,
    },
    log: log.summary(true),
    artifacts: null,
  });
}

function hasStarted({ evidence }: Seen): boolean {
  const main = evidence.pod?.status?.containerStatuses?.find(({ name }) => name === "main");
  return main?.state?.terminated !== undefined || main?.state?.running !== undefined;
}

function mayHaveArtifacts({ wantsArtifacts }: JobFacts, report: AgentReport | null): boolean {
  return wantsArtifacts || report === null || report.leavesArtifacts;
}

/** A Pod that is gone has no spool any more: what is missing then becomes a gap and not an error. */
function tolerant(deps: ClusterRunnerDeps, read: ReturnType<typeof podSpoolReader>): typeof read {
  return async function* (after) {
    try {
      yield* read(after);
    } catch (error) {
      if (!isKerutaError(error)) throw error;
      deps.observer.notice({
        en: `the spool cannot be read: ${error.message}`,
        ja: `スプールを読み取れません: ${error.text.ja}`,
      });
    }
  };
}

/**
 * Tells this attempt's Job from one of the same name that an older copy of the queue made. Stable over takeovers,
 * unlike the lease's token, so that a driver that takes over adopts what the one before it created.
 */
function fenceOf(queueUid: string, { task, attempt }: Claim): string {
  const text = `${queueUid}/${task.id}/${String(attempt.number)}/${attempt.startedAt}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
