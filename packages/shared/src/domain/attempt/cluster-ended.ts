import type { ClusterEvidence } from "./cluster-evidence.ts";
import type { ClusterPod } from "./cluster-objects.ts";
import { isFinished, mainOf, timeOf } from "./cluster-pod.ts";

/** A kubelet that lives has ended a Pod long before; one that does not leaves it `Running` for ever. */
const lateMilliseconds = 60_000;

/** True where the command has ended or can no longer start, or nobody can tell any more. */
export function isEnded({ pod, podGone, jobGone }: ClusterEvidence, now: number): boolean {
  if (pod === null) return jobGone;
  if (podGone || isFinished(pod) || mainOf(pod)?.state?.terminated !== undefined) return true;
  const until = givenUpAt(pod);
  return until !== null && now >= until;
}

/** When a Pod that is being deleted counts as lost, milliseconds; null where it is not being deleted. */
export function givenUpAt({ metadata }: ClusterPod): number | null {
  const over = timeOf(metadata.deletionTimestamp);
  return over === undefined ? null : over + lateMilliseconds;
}
