import { isKerutaError } from "@keruta/shared/domain";
import type { Job } from "../../cluster/objects.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import type { Seen } from "./see-to-end.ts";

/** Beyond the five minutes of a sidecar that nobody told to end, and of a Job controller that waits for a lost Pod. */
const settledMilliseconds = 360_000;

/**
 * The Job keeps its name until its TTL: a stalled driver cannot start the attempt again meanwhile. Its deadline ends
 * what it should have ended itself (decision 22); one that was given an earlier deadline keeps that.
 */
export async function shortenLife(
  { cluster, jobTtl, clock }: ClusterRunnerDeps,
  { metadata }: Job,
  { failure, stopped }: Seen,
): Promise<void> {
  const age = clock() - Date.parse(metadata.creationTimestamp ?? "");
  const hasDeadline = failure !== null || stopped || Number.isNaN(age);
  const deadline = Math.ceil((Math.max(age, 0) + settledMilliseconds) / 1000);
  const spec = {
    ttlSecondsAfterFinished: Math.ceil(jobTtl / 1000),
    ...(!hasDeadline && { activeDeadlineSeconds: deadline }),
  };
  try {
    await cluster.patchJob(metadata.name, metadata.uid, { spec });
  } catch (error) {
    // The result is settled, and a day's TTL stands: a cluster that is away now changes neither.
    if (!isKerutaError(error)) throw error;
  }
}
