import { podContainers, type ArtifactSummary } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import type { Pod } from "../../cluster/objects.ts";
import { collectDeadlineMilliseconds } from "../../plan/index.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { hasSidecarEnded } from "./sidecar-state.ts";

export interface AwaitUpload {
  readonly claim: Claim;
  readonly pod: Pod;
  /** True where the task names artifacts, so that none is worth a word. */
  readonly wantsArtifacts: boolean;
  readonly lost: AbortSignal;
}

const lookInterval = 500;
/** A Pod is asked for less often than the queue. */
const looksPerPod = 10;

type AwaitUploadDeps = Pick<ClusterRunnerDeps, "queue" | "cluster" | "clock" | "timers" | "observer">;

/**
 * Waits until a server has the artifacts that the Pod's sidecar uploads, for as long as that may stay. null as of
 * `collectArtifacts`. An upload that does not come is `Failed`.
 */
export async function awaitUpload(
  { queue, cluster, clock, timers, observer }: AwaitUploadDeps,
  { claim, pod, wantsArtifacts, lost }: AwaitUpload,
): Promise<ArtifactSummary | null> {
  const { taskId, attempt } = claim.lease;
  const { name } = pod.metadata;
  const deadline = clock() + collectDeadlineMilliseconds;
  for (let looks = 0; !lost.aborted; looks += 1) {
    // Asked first: an upload whose end is seen here is in the queue before.
    const hasEnded = looks % looksPerPod === 0 && (await hasSidecarEnded(cluster, pod));
    const told = (await queue.attemptReport(taskId, attempt))?.artifacts;
    if (told) {
      const isNothing = !wantsArtifacts && told.status !== "Failed";
      return isNothing && (await queue.listArtifacts(taskId, attempt)).length === 0 ? null : told;
    }
    if (hasEnded) return failed(`The Pod ended before its artifacts were uploaded; ${seeSidecar(name)}`);
    if (clock() >= deadline) {
      const seconds = String(collectDeadlineMilliseconds / 1000);
      return failed(`The artifacts were not uploaded within ${seconds} s; ${seeSidecar(name)}`);
    }
    if (looks === looksPerPod) observer.notice(waiting);
    await new Promise<void>((resolve) => void timers.after(lookInterval, resolve));
  }
  return failed("The attempt was lost before its artifacts were uploaded.");
}

function failed(message: string): ArtifactSummary {
  return { status: "Failed", files: 0, bytes: 0, message };
}

function seeSidecar(pod: string): string {
  return `\`kubectl logs ${pod} -c ${podContainers.sidecar}\` says why.`;
}

const waiting = {
  en: "waiting for the Pod to upload its artifacts to the server",
  ja: "Pod が成果物をサーバーにアップロードするのを待っています",
};
