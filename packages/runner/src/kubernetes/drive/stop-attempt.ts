import {
  categories,
  isKerutaError,
  type KerutaError,
  podAnnotations,
  podContainers,
  podPaths,
  reasons,
  type StartFailure,
} from "@keruta/shared/domain";
import { answeredStatus, execToEnd } from "../../cluster/index.ts";
import type { Job, Pod } from "../../cluster/objects.ts";
import { withinAnswerTime } from "./answer-time.ts";
import type { ClusterRunnerDeps } from "./deps.ts";

export interface StopInput {
  readonly job: Job;
  /** null where none was made yet. */
  readonly pod: Pod | null;
  readonly isMainRunning: boolean;
}

/**
 * Stops the attempt: through the agent, which sends SIGTERM and after the grace SIGKILL and reports the end. Where
 * the agent cannot be reached the Pod is deleted with the same grace. A Pod that runs nothing yet is ended by its
 * Job's deadline: a Job without a Pod would make one again if only the Pod went. Throws where the cluster does not
 * answer; it may then be called again.
 */
export async function stopAttempt(
  deps: ClusterRunnerDeps,
  { job, pod, isMainRunning }: StopInput,
): Promise<void> {
  if (!pod || !isMainRunning) {
    await endJob(deps, { job, pod });
    return;
  }
  try {
    if (await tellAgent(deps, pod)) return;
  } catch (error) {
    if (!isKerutaError(error) || isUnanswered(error)) throw error;
    deps.observer.notice({
      en: `the agent cannot be reached (${error.message}), deleting the Pod instead`,
      ja: `エージェントに接続できないため（${error.text.ja}）、Pod を削除します`,
    });
  }
  await deletePod(deps, pod);
}

async function tellAgent({ cluster, timers }: ClusterRunnerDeps, pod: Pod): Promise<boolean> {
  const command = [podPaths.imageAgent, "stop", "--run-dir", podPaths.runDirectory];
  const exec = { pod: pod.metadata.name, container: podContainers.sidecar, command, maxBytes: 4096 };
  const { exitCode } = await withinAnswerTime(timers, (signal) => execToEnd(cluster, exec, signal));
  return exitCode === 0;
}

/** By the API server: nothing is known of the Pod, and it could not be deleted either. */
function isUnanswered(error: KerutaError): boolean {
  return error.code === "KRT_CLUSTER_UNREACHABLE" && answeredStatus(error) === undefined;
}

/** With the grace that a command has to stop. */
export async function deletePod(
  { cluster, settings }: ClusterRunnerDeps,
  { metadata: { name, uid } }: Pod,
): Promise<void> {
  await cluster.deletePod(name, uid, Math.ceil(settings.stopGrace / 1000));
}

/**
 * Ends a Job whose command has not started: its controller stops what there is and makes no further Pod. Why a start
 * was given up is written by the same patch, since a driver that takes over finds no Pod any more to tell it. Of a Job
 * that is gone the Pod is deleted.
 */
export async function endJob(
  deps: ClusterRunnerDeps,
  { job, pod }: Pick<StopInput, "job" | "pod">,
  failure?: StartFailure,
): Promise<void> {
  const annotations = failure && { [podAnnotations.failure]: JSON.stringify(failure) };
  const { name, uid } = job.metadata;
  const { outcome } = await deps.cluster.patchJob(name, uid, {
    ...(annotations && { metadata: { annotations } }),
    spec: { activeDeadlineSeconds: 1 },
  });
  if (outcome !== "patched" && pod) await deletePod(deps, pod);
}

/** Why an earlier driver of this attempt gave up its start; null where none did. */
export function givenUp({ metadata }: Job): StartFailure | null {
  const text = metadata.annotations?.[podAnnotations.failure];
  if (text === undefined) return null;
  try {
    const { reason, category, message } = JSON.parse(text) as Partial<StartFailure>;
    const known = reasons.find((name) => name === reason);
    const kind = categories.find((name) => name === category);
    return known && kind && typeof message === "string" ? { reason: known, category: kind, message } : null;
  } catch {
    // Somebody else's text: as good as none.
    return null;
  }
}
