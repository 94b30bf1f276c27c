import type { Attempt } from "./attempt/attempt.ts";
import type { TaskStatus } from "./task/status.ts";

/** Exit codes that are keruta's own and not the command's (design section 11). */
export const exitCodes = {
  success: 0,
  failure: 1,
  usage: 2,
  timedOut: 124,
  kerutaFailed: 125,
  notExecutable: 126,
  notFound: 127,
  oomKilled: 137,
  cancelled: 130,
} as const;

/** What `submit`, `attach` and `wait` exit with for a task that has ended: the stored result and nothing else. */
export function exitCodeOf(status: TaskStatus, attempt: Pick<Attempt, "reason" | "exitCode"> | null): number {
  if (status === "COMPLETED") return exitCodes.success;
  if (status === "CANCELLED") return exitCodes.cancelled;
  const code = attempt?.exitCode ?? null;
  switch (attempt?.reason) {
    case "Cancelled":
      return exitCodes.cancelled;
    case "TimedOut":
      return exitCodes.timedOut;
    case "CommandNotFound":
      return exitCodes.notFound;
    case "CommandNotExecutable":
      return exitCodes.notExecutable;
    case "OOMKilled":
      return code ?? exitCodes.oomKilled;
    case "Error":
    case "CrashLoopBackOff":
      return code ?? exitCodes.kerutaFailed;
    case "Completed":
    case "ArtifactsMissing":
    case "Evicted":
    case "PodLost":
    case "SidecarFailed":
    case "CloneFailed":
    case "InvalidImage":
    case "ImagePullFailed":
    case "ContainerConfigError":
    case "Unschedulable":
    case "SubmitFailed":
    case "DriverLost":
    case null:
    case undefined:
      return exitCodes.kerutaFailed;
  }
}

export function simpleExitCode(code: number): number {
  return code === 0 ? 0 : 1;
}
