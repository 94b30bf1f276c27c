import type { AgentReport } from "../agent/protocol.ts";
import type { ClusterEnd } from "./cluster-end.ts";
import type { Category, Reason } from "./reason.ts";
import { exitCodeOfSignal } from "./signal.ts";

/** All that is known when an attempt has ended. */
export interface EndEvidence {
  /** null where the agent could not leave one. */
  readonly report: AgentReport | null;
  /** Set where the workspace could not be made: the command never started. */
  readonly preparation: PreparationFailure | null;
  /** A cancel was asked for, and the command has no end of its own. */
  readonly cancelled: boolean;
  /** Set where artifacts are required and not all of them were collected. */
  readonly artifactsMissing: string | null;
  /** What the driver saw of the agent's own end, where there is no report. */
  readonly agentEnd: string | null;
  /** What the cluster knows; absent for the local runner. */
  readonly cluster?: ClusterEnd;
}

export interface PreparationFailure {
  readonly reason: "CloneFailed" | "ContainerConfigError";
  readonly category: Category;
  readonly message: string;
}

export interface Ending {
  readonly reason: Reason;
  readonly category: Category;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly message: string;
}

/** The first row that holds decides; the rows stand in the order of design section 4. */
export function decideReason(evidence: EndEvidence): Ending {
  const { report, preparation, cluster } = evidence;
  const end = ownEnd(evidence);
  const ending = (reason: Reason, category: Category, message = ownMessage(evidence)): Ending => ({
    reason,
    category,
    ...end,
    message,
  });
  const failed = cluster?.failure ?? preparation;
  const startError = report?.startError ?? cluster?.main?.startError;
  const isOomKilled = (report?.oomKills ?? 0) > 0 || cluster?.main?.oomKilled === true;

  if (evidence.cancelled || report?.stopped === "cancel") return ending("Cancelled", "user");
  if (report?.timedOut) return ending("TimedOut", "command");
  if (cluster?.timedOut != null) return ending("TimedOut", "command", cluster.timedOut);
  if (cluster?.disruption)
    return ending(cluster.disruption.reason, "infrastructure", cluster.disruption.message);
  if (report?.stopped === "driver-lost") {
    return ending(
      "DriverLost",
      "infrastructure",
      "The driver died while the command ran; the agent stopped it.",
    );
  }
  if (end.exitCode === 0) {
    if (evidence.artifactsMissing !== null)
      return ending("ArtifactsMissing", "command", evidence.artifactsMissing);
    return ending("Completed", "command", isOomKilled ? oomWarning : undefined);
  }
  if (isOomKilled && end.exitCode !== null) return ending("OOMKilled", "command");
  // A program that is missing may be the agent itself, and then it is not the command's fault.
  if (failed && end.exitCode === null) return ending(failed.reason, failed.category, failed.message);
  if (startError === "not-found") return ending("CommandNotFound", "task-definition");
  if (startError === "not-executable") return ending("CommandNotExecutable", "task-definition");
  if (startError) return ending("ContainerConfigError", "task-definition");
  if (report && report.restarts > 0) return ending("CrashLoopBackOff", "command");
  if (end.exitCode !== null || cluster?.main) return ending("Error", "command");
  if (cluster) return ending("PodLost", "infrastructure", "The Pod's end was not seen.");
  return ending(
    "DriverLost",
    "infrastructure",
    evidence.agentEnd ?? "The driver died before the command ended.",
  );
}

const oomWarning = "The command ended with 0, but a process of it was killed for lack of memory.";

/** The command's own exit code as a container has it: 128 + n where a signal ended it, null where it never ran. */
function ownEnd({ report, cluster }: EndEvidence): Pick<Ending, "exitCode" | "signal"> {
  if (!report) return { exitCode: cluster?.main?.exitCode ?? null, signal: null };
  if (report.startError) return { exitCode: null, signal: null };
  if (report.signal !== null) return { exitCode: exitCodeOfSignal(report.signal), signal: report.signal };
  return { exitCode: report.exitCode, signal: null };
}

function ownMessage({ report, cluster }: EndEvidence): string {
  return report?.message ?? cluster?.main?.message ?? "";
}
