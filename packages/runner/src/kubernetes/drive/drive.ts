import { createHash } from "node:crypto";
import { isKerutaError, type KerutaError, type Task } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import {
  jobFacts,
  planClaims,
  planJob,
  planSecret,
  type JobFacts,
  type PlanInput,
} from "../../plan/index.ts";
import type { DriveOutcome } from "../../stages/drive-outcome.ts";
import { startHeartbeat, type Heartbeat } from "../../stages/heartbeat.ts";
import { openLog } from "../../follow/open-log.ts";
import { agentSecret } from "./agent-secret.ts";
import { removeClaims, sweepClaims } from "./claims.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { driveJob } from "./drive-job.ts";
import { settleUnsubmitted } from "./finish-attempt.ts";
import { submitJob } from "./submit-job.ts";

/**
 * Drives one claimed attempt on a cluster to its settled result, or goes on where another driver stopped.
 *
 *   claim ─▶ plan ─▶ submit ─▶ watch ─┬─▶ follow ─▶ complete log ─▶ collect ─▶ settle ─▶ TTL
 *                                     └─▶ stop, where someone cancels or the start fails ─┘
 */
export async function driveOnCluster(deps: ClusterRunnerDeps, claim: Claim): Promise<DriveOutcome> {
  const { queue, timers, clock, cancelWishes } = deps;
  deps.crashPoint("claimed");
  const heartbeat = startHeartbeat({ queue, lease: claim.lease, timers, clock, cancelWishes });
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
  const { task, attempt } = claim;
  const planned = {
    task,
    attempt: attempt.number,
    queueUid: queue.uid,
    fence: fenceOf(queue.uid, claim),
    settings: deps.plan,
  };
  const facts = factsOf(planned, claim);
  if ("refusal" in facts) return settleRefused(deps, claim, facts.refusal);
  const cluster = deps.cluster.inNamespace(facts.namespace);
  const own: ClusterRunnerDeps = { ...deps, cluster };
  const log = await openLog(deps, claim);
  const cancel = AbortSignal.any([deps.cancel, heartbeat.cancelRequested]);
  const away = AbortSignal.any([heartbeat.lost, deps.detach]);

  const claims = planClaims(planned);
  if (claims.some(({ removedAtEnd }) => removedAtEnd)) await sweepClaims(own);
  const secret = agentSecret(own, claim, planSecret(planned));
  const graces = deps.graces(deps.plan.complete(task.spec).pendingTimeout);
  const submitted = await submitJob(own, {
    claim,
    manifest: planJob(planned),
    claims,
    secret,
    grace: Math.min(graces.quota, graces.pendingTimeout),
    cancel,
    lost: heartbeat.lost,
  });
  // Before the result is written: whoever finds the attempt open does it again.
  if (submitted.kind !== "submitted") await secret.remove();
  const settled =
    submitted.kind === "submitted"
      ? await driveJob(own, { claim, facts, log, cancel, away, lost: heartbeat.lost, job: submitted.job })
      : await settleUnsubmitted(own, claim, log, submitted);
  if (settled) await removeClaims(own, claims, settled);
  return settled;
}

/**
 * A task that no Job can be made of ends by that: left alone, it would be claimed again by each driver. Where its Job
 * may be there already it is the settings that have changed, and the Job goes on.
 */
function factsOf(planned: PlanInput, { submission }: Claim): JobFacts | { readonly refusal: KerutaError } {
  try {
    return jobFacts(planned);
  } catch (error) {
    if (!isKerutaError(error, "KRT_TASK_INVALID") || submission !== "none") throw error;
    return { refusal: error };
  }
}

async function settleRefused(
  deps: ClusterRunnerDeps,
  claim: Claim,
  { text, hint }: KerutaError,
): Promise<Task> {
  const log = await openLog(deps, claim);
  const message = hint ? `${text.en} ${hint.en}` : text.en;
  return settleUnsubmitted(deps, claim, log, { kind: "refused", message, retryable: false });
}

/**
 * Tells this attempt's Job from one of the same name that an older copy of the queue made. Stable over takeovers,
 * unlike the lease's token, so that a driver that takes over adopts what the one before it created.
 */
function fenceOf(queueUid: string, { task, attempt }: Claim): string {
  const text = `${queueUid}/${task.id}/${String(attempt.number)}/${attempt.startedAt}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
