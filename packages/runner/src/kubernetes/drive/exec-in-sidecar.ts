import { isKerutaError, podContainers } from "@keruta/shared/domain";
import type { Exec, ExecOptions } from "../../cluster/cluster.ts";
import { isTransient } from "../../cluster/index.ts";
import { collectDeadlineMilliseconds } from "../../plan/index.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { pause } from "./pause.ts";
import { hasSidecarEnded } from "./sidecar-end.ts";

const firstWait = 200;
const longestWait = 5000;

export type ExecInSidecarDeps = Pick<ClusterRunnerDeps, "cluster" | "clock" | "timers" | "observer">;

/**
 * Starts a command in the Pod's sidecar, also after an outage of the API server, the kubelet or the runtime. Throws
 * what the cluster said last where the sidecar has ended or could not be reached for as long as it may stay.
 */
export async function execInSidecar(
  deps: ExecInSidecarDeps,
  pod: string,
  options: Pick<ExecOptions, "command" | "stdin">,
  signal: AbortSignal,
): Promise<Exec> {
  const { cluster, clock } = deps;
  const deadline = clock() + collectDeadlineMilliseconds;
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    try {
      return await cluster.exec({ pod, container: podContainers.sidecar, ...options }, signal);
    } catch (error) {
      if (signal.aborted || !mayPass(error) || clock() >= deadline) throw error;
      if (await hasSidecarEnded(cluster, pod)) throw error;
      if (wait === firstWait) deps.observer.notice(tryingAgain(error as Error));
    }
    await pause(deps, wait, [signal]);
  }
}

/** The API server says 500 for a kubelet or a runtime that is away, and also for a container that has ended. */
function mayPass(error: unknown): boolean {
  if (isTransient(error)) return true;
  const status = isKerutaError(error, "KRT_CLUSTER_REFUSED") ? error.details?.["status"] : undefined;
  return typeof status === "number" && status >= 500;
}

function tryingAgain({ message }: Error) {
  return {
    en: `the Pod's sidecar cannot be asked, trying again: ${message}`,
    ja: `Pod のサイドカーに接続できないため再試行します: ${message}`,
  };
}
