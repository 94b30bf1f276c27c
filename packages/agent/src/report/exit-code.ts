import { agentExitCodes, exitCodeOfSignal, type AgentReport } from "@keruta/shared/domain";
import { exitCodeOfStartError } from "../command/start-failure.ts";

/** The agent's own exit code: the command's, as far as it has one. */
export function exitCodeOf(report: AgentReport): number {
  if (report.timedOut) return agentExitCodes.timedOut;
  if (report.startError !== null) return exitCodeOfStartError(report.startError);
  if (report.exitCode !== null) return report.exitCode;
  return report.signal === null ? agentExitCodes.failed : exitCodeOfSignal(report.signal);
}
