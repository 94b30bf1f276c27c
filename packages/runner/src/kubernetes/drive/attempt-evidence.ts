import type { ClusterEvidence, Observation } from "@keruta/shared/domain";
import type { Job } from "../../cluster/objects.ts";
import type { AttemptState } from "./attempt-watch.ts";
import { isFinished } from "./is-really-gone.ts";

/**
 * What a driver's look makes of an attempt. `own` is the stored name of the attempt's Pod, null before any was: until
 * then the first is, and ever after no other. The Job's controller may put one in place of another (decision 23).
 */
export function attemptEvidence(
  { job: now, pods, events, interruption }: AttemptState,
  job: Job,
  own: string | null,
  before: Observation | undefined,
): ClusterEvidence & { readonly pod: AttemptPod | null } {
  const seen = own === null ? pods[0] : pods.find(({ pod }) => pod.metadata.name === own);
  const noneComes =
    seen === undefined && interruption === null && (own !== null || isFinished(now ?? undefined));
  return {
    jobGone: now === null || noneComes,
    pod: seen?.pod ?? null,
    podGone: seen?.isGone ?? false,
    events,
    createdAt: Date.parse(job.metadata.creationTimestamp ?? ""),
    wait: before?.wait ?? null,
    terminatingSince: before?.terminatingSince ?? null,
  };
}

type AttemptPod = AttemptState["pods"][number]["pod"];
