import { podContainers } from "../agent/pod-protocol.ts";
import type { AgentReport, StartError } from "../agent/protocol.ts";
import { disruptionOf, type Disruption } from "./cluster-disruption.ts";
import type { ClusterEvidence, StartFailure } from "./cluster-evidence.ts";
import { failureOfPhase } from "./cluster-phase.ts";
import type { ClusterPod, ClusterTermination } from "./cluster-objects.ts";
import { initContainers, isFinished, isUnseen, mainOf, timeOf } from "./cluster-pod.ts";
import { startErrorOf } from "./cluster-start-error.ts";
import { sentence } from "./cluster-words.ts";

/** What the cluster knows of an attempt's end, for `decideReason`. */
export interface ClusterEnd {
  /** The Pod's own deadline, behind the agent's, ended the command. */
  readonly timedOut: string | null;
  /** The Pod was taken away before the command's end. */
  readonly disruption: Disruption | null;
  /** Of the main container's own process, null where its end was not seen. */
  readonly main: MainEnd | null;
  /** Why the command never started. */
  readonly failure: StartFailure | null;
}

export interface MainEnd {
  /** null where it is not the command's: the command did not start, or the agent failed. */
  readonly exitCode: number | null;
  readonly oomKilled: boolean;
  readonly startError: StartError | null;
  readonly message: string;
}

export interface ClusterEndInput {
  /** Of the agent; null where it left none. */
  readonly report: AgentReport | null;
  /** False where the image's own process ran without the agent. */
  readonly wrapped: boolean;
  /** As observed before, where the start was given up. */
  readonly failure: StartFailure | null;
}

/** What to make of an attempt that `observeAttempt` calls ended or failed. */
export function clusterEnd(evidence: ClusterEvidence, input: ClusterEndInput): ClusterEnd {
  const { pod } = evidence;
  const terminated = pod ? mainOf(pod)?.state?.terminated : undefined;
  const disruption = disruptionOf(evidence, input.report);
  // Giving a start up takes its Pod away: that is our own doing.
  if (input.failure && (disruption || !terminated))
    return { timedOut: null, disruption: null, main: null, failure: input.failure };
  const deadline = pod && terminated ? deadlinePassed(pod, terminated) : null;
  return {
    timedOut: deadline,
    disruption: deadline === null ? disruption : null,
    main: terminated ? mainEnd(terminated, input) : null,
    failure: failureOf(evidence, terminated),
  };
}

function failureOf(
  { pod, wait }: ClusterEvidence,
  terminated: ClusterTermination | undefined,
): StartFailure | null {
  if (!pod || terminated) return null;
  const isLate = pod.status?.reason === deadlineExceeded;
  return isLate ? (wait?.failure ?? failureOfPhase("Starting", true)) : initFailure(pod);
}

/** Of an init container that ended badly, so that the Pod ended with it. */
function initFailure(pod: ClusterPod): StartFailure | null {
  if (!isFinished(pod)) return null;
  for (const { name, state } of initContainers(pod)) {
    const end = state?.terminated;
    if (!end || end.exitCode === 0 || name === podContainers.sidecar) continue;
    if (name === podContainers.clone) return cloneFailure(end);
    const fact = `The init container ${name} ended with exit code ${String(end.exitCode)}`;
    return {
      reason: "ContainerConfigError",
      category: "task-definition",
      message: sentence(fact, end.message),
    };
  }
  return null;
}

/** `keruta-agent clone` leaves its outcome as its termination message. */
function cloneFailure(end: ClusterTermination): StartFailure {
  const reason = "CloneFailed";
  const { category: own, message: words } = parse(end.message ?? "");
  if ((own === "start" || own === "task-definition") && typeof words === "string") {
    return { reason, category: own, message: words };
  }
  const category = "start";
  if (end.reason === "OOMKilled")
    return { reason, category, message: "The clone was killed for lack of memory." };
  const fact = `The clone ended with exit code ${String(end.exitCode)} and left no word`;
  return { reason, category, message: sentence(fact, end.message) };
}

function mainEnd(end: ClusterTermination, { report, wrapped }: ClusterEndInput): MainEnd {
  const oomKilled = end.reason === "OOMKilled";
  const startError = startErrorOf(end);
  if (startError !== null)
    return {
      exitCode: null,
      oomKilled,
      startError,
      message: sentence("The command did not start", end.message),
    };
  const agentFailed = wrapped && report === null && end.exitCode === agentFailedCode;
  const words = wrapped ? "" : (end.message ?? "").trim();
  return {
    exitCode: agentFailed || isUnseen(end) ? null : end.exitCode,
    oomKilled,
    startError,
    message: agentFailed ? sentence("The agent failed", end.message) : words,
  };
}

const deadlineExceeded = "DeadlineExceeded";

/** `keruta-agent run` ends so where it started nothing; a command's own 125 comes with a report. */
const agentFailedCode = 125;

/** A command that ended by itself may still wait for its artifacts when the Pod's deadline comes. */
function deadlinePassed({ spec, status }: ClusterPod, end: ClusterTermination): string | null {
  if (status?.reason !== deadlineExceeded) return null;
  const [start, finished] = [timeOf(status.startTime), timeOf(end.finishedAt)];
  const limit = spec?.activeDeadlineSeconds;
  const isBefore =
    start !== undefined && finished !== undefined && limit !== undefined && finished < start + limit * 1000;
  return isBefore
    ? null
    : sentence("The Pod's own deadline, the last limit there is, has passed", status.message);
}

function parse(text: string): { readonly category?: unknown; readonly message?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // Cut, or another program's words: what the container left is then quoted as it is.
    return {};
  }
}
