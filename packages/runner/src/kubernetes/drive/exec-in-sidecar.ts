import { isKerutaError, podContainers } from "@keruta/shared/domain";
import type { Exec, ExecOptions } from "../../cluster/cluster.ts";
import { isTransient } from "../../cluster/index.ts";
import { collectDeadlineMilliseconds } from "../../plan/index.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { pause } from "./pause.ts";
import { hasSidecarEnded } from "./sidecar-end.ts";

const firstWait = 200;
const longestWait = 5000;
/** A container that was killed, or whose runtime was, can be asked again within a minute, or not at all. */
const restartMilliseconds = 60_000;

export type ExecInSidecarDeps = Pick<ClusterRunnerDeps, "cluster" | "clock" | "timers" | "observer">;

/**
 * Starts a command in the Pod's sidecar, also after an outage of the API server, the kubelet or the runtime, and when
 * the kubelet has started a killed one again. Throws
 * what the cluster said last where the sidecar has ended or could not be reached for as long as it may stay.
 */
export async function execInSidecar(
  deps: ExecInSidecarDeps,
  pod: string,
  options: Pick<ExecOptions, "command" | "stdin">,
  signal: AbortSignal,
): Promise<Exec> {
  const { cluster, clock } = deps;
  const start = clock();
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    try {
      return await cluster.exec({ pod, container: podContainers.sidecar, ...options }, signal);
    } catch (error) {
      if (signal.aborted || clock() >= start + passing(error)) throw error;
      if (await hasSidecarEnded(cluster, pod)) throw error;
      if (wait === firstWait) deps.observer.notice(tryingAgain(error as Error));
    }
    await pause(deps, wait, [signal]);
  }
}

/** For how long it may be in vain. Refusals are told alike, of what will pass and of what will never be. */
function passing(error: unknown): number {
  if (isTransient(error)) return collectDeadlineMilliseconds;
  return isKerutaError(error, "KRT_CLUSTER_REFUSED") && error.details?.["status"] !== 404
    ? restartMilliseconds
    : 0;
}

function tryingAgain({ message }: Error) {
  return {
    en: `the Pod's sidecar cannot be asked, trying again: ${message}`,
    ja: `Pod のサイドカーに接続できないため再試行します: ${message}`,
  };
}
