import type { AgentReport } from "../agent/protocol.ts";
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
  const { report, preparation } = evidence;
  const end = ownEnd(report);
  const ending = (reason: Reason, category: Category, message = report?.message ?? ""): Ending => ({
    reason,
    category,
    ...end,
    message,
  });

  if (evidence.cancelled || report?.stopped === "cancel") return ending("Cancelled", "user");
  if (report?.timedOut) return ending("TimedOut", "command");
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
    return ending("Completed", "command", report && report.oomKills > 0 ? oomWarning : undefined);
  }
  if (report?.startError === "not-found") return ending("CommandNotFound", "task-definition");
  if (report?.startError === "not-executable") return ending("CommandNotExecutable", "task-definition");
  if (report && report.oomKills > 0 && end.exitCode !== null) return ending("OOMKilled", "command");
  if (report && report.restarts > 0 && end.exitCode !== null) return ending("CrashLoopBackOff", "command");
  if (end.exitCode !== null) return ending("Error", "command");
  if (preparation) return ending(preparation.reason, preparation.category, preparation.message);
  if (report?.startError) return ending("ContainerConfigError", "task-definition");
  return ending(
    "DriverLost",
    "infrastructure",
    evidence.agentEnd ?? "The driver died before the command ended.",
  );
}

const oomWarning = "The command ended with 0, but a process of it was killed for lack of memory.";

/** The command's own exit code as a container has it: 128 + n where a signal ended it, null where it never ran. */
function ownEnd(report: AgentReport | null): Pick<Ending, "exitCode" | "signal"> {
  if (!report || report.startError) return { exitCode: null, signal: null };
  if (report.signal !== null) return { exitCode: exitCodeOfSignal(report.signal), signal: report.signal };
  return { exitCode: report.exitCode, signal: null };
}
