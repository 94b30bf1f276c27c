import { isTransient } from "../../cluster/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { Job } from "../../cluster/objects.ts";
import { podsOf } from "./select-by-labels.ts";

/**
 * Watches of Job and Pod run apart, and one that many attempts share may be a moment behind a Job that was made just
 * now: before an attempt ends because something is gone, the cluster itself is asked. `own` is the name of the
 * attempt's Pod, null where none is stored: what else the Job has, or makes, is not the attempt's then.
 */
export async function isReallyGone(
  { cluster }: { readonly cluster: Pick<Cluster, "getJob" | "getPod" | "listPods"> },
  { metadata }: Job,
  own: string | null,
): Promise<boolean> {
  try {
    if (own !== null) return (await cluster.getPod(own)) === undefined;
    const job = await cluster.getJob(metadata.name);
    if (job?.metadata.uid === metadata.uid && !isFinished(job)) return false;
    // A Pod outlives its Job while it ends, and has more to tell.
    return (await cluster.listPods(podsOf(metadata))).length === 0;
  } catch (error) {
    if (isTransient(error)) return false;
    throw error;
  }
}

/** Its controller will make no other Pod. */
export function isFinished(job: Job | undefined): boolean {
  const ends = job?.status?.conditions ?? [];
  return ends.some(({ type, status }) => (type === "Failed" || type === "Complete") && status === "True");
}
