import type { ArtifactSummary } from "@keruta/shared/domain";
import type { ClusterRunnerDeps } from "./deps.ts";
import { handOver, type HandOver } from "./hand-over.ts";
import { pause } from "./pause.ts";
import { reportedResult } from "./report-of.ts";

export interface HandOverEarly extends Omit<HandOver, "report" | "spoolWasRead"> {
  /** Resolves true when the log's last mark has come. */
  readonly following: Promise<boolean>;
  /** Aborts when the Pod's status tells of the command's end. */
  readonly containerEnded: AbortSignal;
}

/** A Pod whose sidecar has nothing to hand over is stopped by then, and its status tells. */
const usualStop = 2000;

/**
 * Lets a Pod go that is being deleted: its kubelet tells of no container's end before all are stopped (measured on
 * Kubernetes 1.35), and the sidecar stays, for the Pod's whole grace, until what it keeps is fetched. So the log's
 * last mark is taken for the command's end. undefined where the status came first, or not all could be fetched.
 */
export async function handOverEarly(
  deps: ClusterRunnerDeps,
  { following, containerEnded, ...input }: HandOverEarly,
): Promise<ArtifactSummary | null | undefined> {
  if (!(await following)) return undefined;
  await pause(deps, usualStop, [containerEnded, input.lost]);
  if (containerEnded.aborted || input.lost.aborted) return undefined;
  const report = await reportedResult(deps, input.claim, input.facts);
  const artifacts = await handOver(deps, { ...input, report, spoolWasRead: false });
  return artifacts?.status === "Failed" ? undefined : artifacts;
}
