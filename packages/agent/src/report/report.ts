import { cutControlText, type AgentReport, type StreamDigest } from "@keruta/shared/domain";
import type { CommandEnd } from "../command/supervise.ts";
import type { MemoryCounts } from "./memory.ts";

export interface ReportInput {
  readonly taskId: string;
  readonly end: CommandEnd;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly stdout: StreamDigest;
  readonly stderr: StreamDigest;
  readonly sequence: number;
  /** Why the spool is not complete, null where it is. */
  readonly spoolIncomplete: string | null;
  readonly memoryBefore: MemoryCounts;
  readonly memoryAfter: MemoryCounts;
  /** True where the agent's cgroup holds the command and nothing else. */
  readonly ownCgroup: boolean;
  readonly leavesArtifacts: boolean;
  readonly notes: readonly string[];
}

const maxMessageBytes = 512;
/** The kubelet keeps 4,096 bytes of a termination message; the contract is half of it. */
export const maxReportBytes = 2048;

export function createReport(input: ReportInput): AgentReport {
  const { end } = input;
  const { stopped } = end;
  const notes = [...input.notes];
  if (end.failure) notes.unshift(end.failure.message);
  if (!end.clean) notes.push("Processes of the command outlived SIGKILL.");
  if (input.spoolIncomplete !== null) notes.push(`The spool is not complete: ${input.spoolIncomplete}.`);
  const report = {
    version: 1,
    taskId: input.taskId,
    exitCode: end.failure ? null : (end.exit?.exitCode ?? null),
    signal: end.failure ? null : (end.exit?.signal ?? null),
    startError: end.failure?.startError ?? null,
    timedOut: stopped === "timeout",
    stopped: stopOf(end),
    restarts: end.restarts,
    startedAt: new Date(input.startedAt).toISOString(),
    finishedAt: new Date(input.finishedAt).toISOString(),
    stdout: input.stdout,
    stderr: input.stderr,
    sequence: input.sequence,
    spoolComplete: input.spoolIncomplete === null,
    leavesArtifacts: input.leavesArtifacts,
    oomKills: Math.max(0, (input.memoryAfter.oomKills ?? 0) - (input.memoryBefore.oomKills ?? 0)),
    peakMemoryBytes: input.ownCgroup ? input.memoryAfter.peakBytes : null,
    message: "",
  } satisfies AgentReport;
  return { ...report, message: fittingMessage(report, notes.join(" ")) };
}

function stopOf({ stopped, signalled }: CommandEnd): AgentReport["stopped"] {
  if (stopped === null) return signalled ? "other-signal" : null;
  return stopped === "timeout" ? null : stopped;
}

/** The message as far as the whole report stays within its bound. */
function fittingMessage(report: AgentReport, text: string): string {
  let message = cutControlText(text, maxMessageBytes);
  while (message !== "" && Buffer.byteLength(JSON.stringify({ ...report, message })) > maxReportBytes) {
    message = cutControlText(message, Math.floor(message.length / 2));
  }
  return message;
}
