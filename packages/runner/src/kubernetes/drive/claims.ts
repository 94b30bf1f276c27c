import { isTerminal, KerutaError, managedBy, ownClaim, podLabels, type Task } from "@keruta/shared/domain";
import type { Cluster } from "../../cluster/cluster.ts";
import type { VolumeClaim } from "../../cluster/objects.ts";
import type { PlannedClaim } from "../../plan/index.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { haveSameLabels, labelsOfTask, selectByLabels } from "./select-by-labels.ts";

type ClaimCluster = Pick<
  Cluster,
  "createClaim" | "getClaim" | "listClaims" | "deleteClaim" | "listPods" | "deletePod"
>;

interface ClaimDeps extends Pick<ClusterRunnerDeps, "observer"> {
  readonly cluster: ClaimCluster;
  readonly queue: Pick<ClusterRunnerDeps["queue"], "uid" | "getTask">;
}

/**
 * Makes the claims that are not there yet. One that a task names is used as it is found; one of the task's own must
 * be its own. Throws KRT_CLUSTER_REFUSED where a claim cannot be used, KRT_CLUSTER_CONFLICT where it is going.
 */
export async function ensureClaims(cluster: ClaimCluster, claims: readonly PlannedClaim[]): Promise<void> {
  for (const { manifest, isOwn } of claims) {
    if ((await cluster.createClaim(manifest)) === "created") continue;
    const { name, labels } = manifest.metadata;
    const found = await cluster.getClaim(name);
    if (!found || found.metadata.deletionTimestamp !== undefined) throw isGoing(name);
    if (isOwn && !isOfTask(found, labels)) throw isAnothers(name);
  }
}

function isOfTask({ metadata }: VolumeClaim, wanted: Readonly<Record<string, string>>): boolean {
  return haveSameLabels(labelsOfTask, metadata.labels, wanted);
}

/** Removes the claims that go with the task, once it has ended for good. Kept over its attempts. */
export async function removeClaims(
  { cluster, queue, observer }: ClaimDeps,
  claims: readonly PlannedClaim[],
  task: Task,
): Promise<void> {
  if (!isTerminal(task.status)) return;
  for (const { manifest, removedAtEnd } of claims) {
    if (!removedAtEnd) continue;
    const { name, labels } = manifest.metadata;
    try {
      const found = await cluster.getClaim(name);
      if (!found || !isOfTask(found, labels)) continue;
      // Somebody may have retried it meanwhile.
      const ended = lastEnded(await queue.getTask(task.id));
      if (ended !== null) await removeClaim(cluster, found, ended);
    } catch (error) {
      if (!(error instanceof KerutaError)) throw error;
      observer.notice({
        en: `the claim ${name} is left behind: ${error.message}`,
        ja: `ボリューム要求 ${name} を削除できませんでした: ${error.text.ja}`,
      });
    }
  }
}

/** The number of the last attempt of a task that has ended; null while it goes on. */
function lastEnded(task: Task | undefined): number | null {
  if (!task) return Infinity;
  return isTerminal(task.status) ? (task.attempt?.number ?? 0) : null;
}

/** For a sidecar that has been told to end and is about to. */
const podGraceSeconds = 5;

/**
 * A claim stays as long as a Pod names it, also one that has ended: seen on Kubernetes 1.35. Pods of a later attempt
 * than the one that has `ended` stay.
 */
async function removeClaim(cluster: ClaimCluster, { metadata }: VolumeClaim, ended: number): Promise<void> {
  await cluster.deleteClaim(metadata.name, metadata.uid);
  const ofTask = selectByLabels(labelsOfTask, metadata.labels);
  for (const { metadata: pod } of await cluster.listPods(ofTask)) {
    if (Number(pod.labels?.[podLabels.attempt]) > ended) continue;
    await cluster.deletePod(pod.name, pod.uid, podGraceSeconds);
  }
}

/**
 * Removes what drivers left behind that died between a task's end and its claims': claims of this queue's tasks that
 * have ended or are not known any more.
 */
export async function sweepClaims({ cluster, queue, observer }: ClaimDeps): Promise<void> {
  const labels = {
    [podLabels.managedBy]: managedBy,
    [podLabels.queue]: queue.uid,
    [podLabels.claim]: ownClaim,
  };
  try {
    for (const claim of await cluster.listClaims(selectByLabels(Object.keys(labels), labels))) {
      const ended = lastEnded(await queue.getTask(claim.metadata.labels?.[podLabels.taskId] ?? ""));
      if (ended !== null) await removeClaim(cluster, claim, ended);
    }
  } catch (error) {
    if (!(error instanceof KerutaError)) throw error;
    // The next sweep finds them again.
    observer.notice({
      en: `claims that earlier tasks left behind were not removed: ${error.message}`,
      ja: `以前のタスクが残したボリューム要求を削除できませんでした: ${error.text.ja}`,
    });
  }
}

const conflictHint = {
  en: "`kubectl get persistentvolumeclaim` shows it; delete it, or give the volume another name.",
  ja: "`kubectl get persistentvolumeclaim` で確認し、削除するか、ボリュームに別の名前を付けてください。",
};

function isAnothers(name: string): KerutaError {
  return new KerutaError(
    "KRT_CLUSTER_REFUSED",
    {
      en: `There is a PersistentVolumeClaim ${name} already that is not of this task.`,
      ja: `このタスクのものではない PersistentVolumeClaim ${name} がすでにあります。`,
    },
    { hint: conflictHint },
  );
}

function isGoing(name: string): KerutaError {
  return new KerutaError(
    "KRT_CLUSTER_CONFLICT",
    {
      en: `The PersistentVolumeClaim ${name} is being deleted, and stays until no Pod uses it.`,
      ja: `PersistentVolumeClaim ${name} は削除中で、使用中の Pod がなくなるまで残ります。`,
    },
    { hint: conflictHint },
  );
}
