import { jobNameOf, KerutaError, podAnnotations, type Text } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import type { Job } from "../../cluster/objects.ts";
import type { JobManifest } from "../../plan/manifest.ts";
import type { PlannedClaim } from "../../plan/index.ts";
import { leaseDuration } from "../../stages/heartbeat.ts";
import type { AgentSecret } from "./agent-secret.ts";
import { ensureClaims } from "./claims.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { pause } from "./pause.ts";
import { haveSameLabels, labelsOfAttempt, podsOf } from "./select-by-labels.ts";
import { submissionTrouble } from "./submission-trouble.ts";

export type Submitted =
  | { readonly kind: "submitted"; readonly job: Job }
  /** The cluster or the name refuses it: the command never started. */
  | { readonly kind: "refused"; readonly message: string; readonly retryable: boolean }
  /** It was there, and somebody deleted it: never a second one. */
  | { readonly kind: "gone" }
  | { readonly kind: "cancelled" };

export interface SubmitInput {
  readonly claim: Claim;
  readonly manifest: JobManifest;
  readonly claims: readonly PlannedClaim[];
  readonly secret: AgentSecret;
  /** Milliseconds that a refusal may last that passes by itself, as a quota's may. */
  readonly grace: number;
  readonly cancel: AbortSignal;
  readonly lost: AbortSignal;
}

/** A POST may take as long as a request's time-out, and must be answered while the lease is ours. */
const leaseNeeded = 30_000;
const firstWait = 500;
const longestWait = 15_000;

/**
 * Brings the attempt's Job into being, at most once: the intent is stored before the POST and the uid after it, so
 * that a driver that takes over knows what may be there. Before the uid is stored no Pod's gate is removed: what was
 * there until then has started nothing.
 */
export async function submitJob(deps: ClusterRunnerDeps, input: SubmitInput): Promise<Submitted> {
  const { claim } = input;
  const { lease, task, attempt } = claim;
  const { cluster, queue } = deps;
  const name = jobNameOf(task.id, attempt.number);
  if (claim.submission === "created") {
    const job = await patiently(deps, input, () => cluster.getJob(name));
    if (job?.metadata.uid !== claim.jobUid)
      return await patiently(deps, input, () => findOrphan(deps, input));
    await input.secret.giveTo(job);
    return { kind: "submitted", job };
  }
  await queue.recordAttempt(lease, {
    submission: "submitting",
    cluster: deps.clusterIdentity,
    context: { name: cluster.contextName, server: cluster.server },
    namespace: cluster.namespace,
    jobName: name,
    phase: "Submitting",
  });
  deps.crashPoint("submitting");

  const made = await makeJob(deps, input);
  if (made.kind !== "made") return made;
  deps.crashPoint("submitted");
  const { job } = made;
  await input.secret.giveTo(job);
  deps.crashPoint("secret-given");
  await queue.recordAttempt(lease, { submission: "created", jobUid: job.metadata.uid });
  deps.crashPoint("recorded");
  return { kind: "submitted", job };
}

/** The attempt's Job, which an earlier POST may have made; or what ends the submission without one to record. */
type Made = { readonly kind: "made"; readonly job: Job } | Submitted;

/**
 * What the cluster refuses for good ends the attempt; what it cannot answer is asked again. Where it is this driver that
 * may not, the error is thrown and the attempt stays open: each task of the queue would end by it.
 */
async function makeJob(deps: ClusterRunnerDeps, input: SubmitInput): Promise<Made> {
  const { cluster } = deps;
  const { claim, manifest, claims, secret, cancel } = input;
  const { name } = manifest.metadata;
  let mayBeThere = claim.submission === "submitting";
  try {
    return await patiently(deps, input, async () => {
      // A Job of an earlier POST may run with the token that it has: a new one would end it.
      if (mayBeThere) {
        const earlier = await cluster.getJob(name);
        if (earlier) return adopt(earlier, manifest);
        // It was there, and somebody deleted it before its uid was known. Its Pod waits behind its gate, but is there.
        if ((await cluster.listPods(podsOf(manifest.metadata))).length > 0)
          return await findOrphan(deps, input);
      }
      if (cancel.aborted) return { kind: "cancelled" };
      await ensureClaims(cluster, claims);
      deps.crashPoint("claims-made");
      await secret.make();
      deps.crashPoint("secret-made");
      await holdLease(deps, claim);
      mayBeThere = true;
      const created = await cluster.createJob(manifest);
      if (created.outcome === "created") return { kind: "made", job: created.job };
      return adopt(await cluster.getJob(name), manifest);
    });
  } catch (error) {
    const trouble = submissionTrouble(error);
    if (trouble !== "task" && trouble !== "passing") throw error;
    return { kind: "refused", message: (error as KerutaError).message, retryable: trouble === "passing" };
  }
}

/** What has the name is ours of an earlier POST where queue, attempt and fence say so and it stays. */
function adopt(job: Job | undefined, { metadata: wanted }: JobManifest): Made {
  const isOurs =
    job &&
    job.metadata.deletionTimestamp === undefined &&
    haveSameLabels(labelsOfAttempt, job.metadata.labels, wanted.labels) &&
    job.metadata.annotations?.[podAnnotations.fence] === wanted.annotations?.[podAnnotations.fence];
  if (isOurs) return { kind: "made", job };
  const message = `A Job ${wanted.name} is there already that is not of this attempt; it must be deleted first.`;
  return { kind: "refused", message, retryable: true };
}

/**
 * A Job that was deleted may have left its Pod, which still has log and artifacts, or runs on: it is driven as if the
 * Job were there, and no other Pod will be.
 */
async function findOrphan(deps: ClusterRunnerDeps, { claim, manifest }: SubmitInput): Promise<Submitted> {
  for (const { metadata } of await deps.cluster.listPods(podsOf(manifest.metadata))) {
    const uid = metadata.ownerReferences?.find(({ kind }) => kind === "Job")?.uid ?? claim.jobUid;
    if (uid === null || (claim.jobUid !== null && uid !== claim.jobUid)) continue;
    const { creationTimestamp = "" } = metadata;
    return { kind: "submitted", job: { metadata: { ...manifest.metadata, uid, creationTimestamp } } };
  }
  return { kind: "gone" };
}

/** By this machine's clock alone: the one that `expiresAt` is of, a server's, may be minutes off. */
async function holdLease({ queue, clock }: ClusterRunnerDeps, { lease }: Claim): Promise<void> {
  const renewedAfter = clock();
  const { held } = await queue.renewLease(lease);
  if (!held || renewedAfter + leaseDuration - clock() < leaseNeeded) throw leaseLost();
}

function leaseLost(): KerutaError {
  return new KerutaError("KRT_LEASE_LOST", {
    en: "The attempt is another driver's now.",
    ja: "この試行は別のドライバーに引き継がれました。",
  });
}

/**
 * Asks again while the cluster is out of reach, as long as the attempt is ours, and for a grace what may pass; once more
 * where it is cancelled. Throws KRT_LEASE_LOST where it is not ours any more: whatever is there is then another
 * driver's.
 */
async function patiently<T>(
  deps: ClusterRunnerDeps,
  { grace, cancel, lost }: SubmitInput,
  ask: () => Promise<T>,
): Promise<T> {
  let wait = firstWait;
  let passesUntil: number | null = null;
  for (;;) {
    if (lost.aborted) throw leaseLost();
    const isLast = cancel.aborted;
    try {
      return await ask();
    } catch (error) {
      const trouble = submissionTrouble(error);
      if (isLast || (trouble !== "away" && trouble !== "passing")) throw error;
      const until = trouble === "passing" ? (passesUntil ??= deps.clock() + grace) : Infinity;
      const left = until - deps.clock();
      if (left <= 0) throw error;
      deps.observer.notice(tryingAgain(trouble, error as Error));
      await pause(deps, Math.min(wait, left), [cancel, lost]);
      wait = Math.min(wait * 2, longestWait);
    }
  }
}

function tryingAgain(trouble: "away" | "passing", { message }: Error): Text {
  return trouble === "away"
    ? {
        en: `the cluster does not answer, trying again: ${message}`,
        ja: `クラスターが応答しないため再試行します: ${message}`,
      }
    : {
        en: `the cluster refuses it for now, trying again: ${message}`,
        ja: `クラスターが今は受け付けないため再試行します: ${message}`,
      };
}
