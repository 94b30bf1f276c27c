import { podContainers } from "../agent/pod-protocol.ts";
import type { AgentReport } from "../agent/protocol.ts";
import type { ClusterEvidence } from "./cluster-evidence.ts";
import type { ClusterPod, ClusterTermination } from "./cluster-objects.ts";
import {
  eventsOf,
  hasStarted,
  initContainers,
  isFinished,
  mainOf,
  isUnseen,
  neverStarted,
  terminatingSince,
  timeOf,
} from "./cluster-pod.ts";
import { isAgentMissing } from "./cluster-start-error.ts";
import { sentence } from "./cluster-words.ts";

export interface Disruption {
  readonly reason: "Evicted" | "PodLost";
  readonly message: string;
}

/**
 * How the Pod was taken away before the command's end; null where it was not, or only afterwards. The agent knows
 * whether it was: the times of the node and of the API server are of two clocks, and decide only where no report does.
 * What ends in the very second of the deletion counts as taken away: Kubernetes' times are whole seconds, and an exit
 * code of 0 may come from a command that was told to stop.
 */
export function disruptionOf(evidence: ClusterEvidence, report: AgentReport | null): Disruption | null {
  const { pod } = evidence;
  if (pod === null && report) return disruptionByReport(report);
  if (pod === null)
    return evidence.jobGone ? lost("The Job or its Pod was deleted before a driver saw the Pod.") : null;
  const end = mainOf(pod)?.state?.terminated;
  const disruption = evictionOf(evidence, pod) ?? lossOf(evidence, pod);
  if (disruption === null) return null;
  const { at, ...what } = disruption;
  const agentsWord = report && hadOwnEnd(report);
  if (agentsWord !== null) return agentsWord ? null : what;
  const finishedAt = timeOf(report?.finishedAt) ?? (end ? timeOf(end.finishedAt) : undefined);
  // What the node did not see the agent may have told all the same.
  if (end && isNodesEnd(end) && !report) return what;
  const isOwnEnd =
    finishedAt !== undefined && at !== undefined
      ? finishedAt < at
      : report
        ? !wasTold(report)
        : end !== undefined && !toldCodes.includes(end.exitCode);
  return isOwnEnd ? null : what;
}

/** Without a time the code tells: what a command ends with that was told to end. */
export const toldCodes: readonly number[] = [137, 143];
const toldSignals = ["SIGTERM", "SIGKILL"];

/** null where the report leaves it open: the command may have been told without the agent, or by a signal for it. */
function hadOwnEnd(report: AgentReport): boolean | null {
  if (report.stopped === "signal") return false;
  return report.stopped === "other-signal" || wasTold(report) ? null : true;
}

function wasTold({ exitCode, signal, oomKills, timedOut, stopped }: AgentReport): boolean {
  if (stopped === "signal") return true;
  if (oomKills > 0 || timedOut || stopped === "cancel" || stopped === "driver-lost") return false;
  return signal === null ? exitCode !== null && toldCodes.includes(exitCode) : toldSignals.includes(signal);
}

/** Where nothing is left of the Pod but its agent's report. */
export function disruptionByReport(report: AgentReport): Disruption | null {
  return wasTold(report) ? lost("The command was told to end, and its Pod is gone.") : null;
}

/** With when it began, in milliseconds, where that is known. */
type Timed = Disruption & { readonly at: number | undefined };

function evictionOf({ events }: ClusterEvidence, pod: ClusterPod): Timed | null {
  const { status } = pod;
  const target = status?.conditions?.find(
    ({ type, status: is }) => type === "DisruptionTarget" && is === "True",
  );
  const byKubelet = status?.reason === "Evicted";
  // The condition may stand though the eviction did not take place.
  const isHappening = pod.metadata.deletionTimestamp !== undefined || isFinished(pod);
  if (!byKubelet && !(target && isHappening)) return null;
  const event = eventsOf(events, pod).find(({ reason }) => reason === "Evicted");
  const at = byKubelet
    ? timeOf(event?.firstTimestamp ?? event?.eventTime)
    : timeOf(target?.lastTransitionTime);
  const words = byKubelet ? status.message : `${target?.reason ?? ""}: ${target?.message ?? ""}`;
  return { reason: "Evicted", message: sentence("The Pod was evicted", words), at };
}

function lossOf(evidence: ClusterEvidence, pod: ClusterPod): Timed | null {
  const { podGone } = evidence;
  const name = pod.metadata.name ?? "";
  if (pod.metadata.deletionTimestamp !== undefined) {
    const at = terminatingSince(evidence) ?? undefined;
    return { ...lost(`The Pod ${name} was deleted before the command ended.`), at };
  }
  if (podGone) return { ...lost(`The Pod ${name} disappeared before the command ended.`), at: undefined };
  const nodesEnd = nodesEndOf(pod);
  if (nodesEnd) return { ...lost(sentence(`The Pod ${name} was lost`, wordsOf(nodesEnd))), at: undefined };
  return rejectionOf(pod);
}

/** The kubelet ended the Pod, or would not take it, and no container of it says why. */
function rejectionOf(pod: ClusterPod): Timed | null {
  const { status } = pod;
  if (!isFinished(pod) || hasStarted(mainOf(pod)) || status?.reason === undefined) return null;
  if (status.reason === "DeadlineExceeded") return null;
  const words = `${status.reason}: ${status.message ?? ""}`;
  return { ...lost(sentence("The node gave the Pod up before the command started", words)), at: undefined };
}

/** Of the main container, or of one before it that ended the Pod. */
function nodesEndOf(pod: ClusterPod): ClusterTermination | undefined {
  const before = initContainers(pod).filter(({ name }) => name !== podContainers.sidecar);
  const ends = [mainOf(pod), ...(isFinished(pod) ? before : [])].map((one) => one?.state?.terminated);
  return ends.find((end) => end !== undefined && isNodesEnd(end));
}

function wordsOf(end: ClusterTermination): string | undefined {
  return isAgentMissing(end) ? `its node started it without the agent: ${end.message ?? ""}` : end.message;
}

/** The node's own trouble, of which the command knows nothing: the same Pod may run elsewhere, or later. */
function isNodesEnd(end: ClusterTermination): boolean {
  return (
    isUnseen(end) || isAgentMissing(end) || (neverStarted(end) && runtimeTrouble.test(end.message ?? ""))
  );
}

/** Of a container runtime whose kubelet died, or that was stopped itself, while it made the container. */
const runtimeTrouble =
  /context (canceled|deadline exceeded)|code = Unavailable|connection refused|transport is closing|ttrpc: closed/;

function lost(message: string): Disruption {
  return { reason: "PodLost", message };
}
