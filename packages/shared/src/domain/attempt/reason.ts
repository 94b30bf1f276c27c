/** Why an attempt ended: a closed set, in the order in which `decideReason` looks (design section 4). */
export const reasons = [
  "Cancelled",
  "TimedOut",
  "Evicted",
  "PodLost",
  "ArtifactsMissing",
  "Completed",
  "OOMKilled",
  "CommandNotFound",
  "CommandNotExecutable",
  "CrashLoopBackOff",
  "SidecarFailed",
  "Error",
  "CloneFailed",
  "InvalidImage",
  "ImagePullFailed",
  "ContainerConfigError",
  "Unschedulable",
  "SubmitFailed",
  "DriverLost",
] as const;
export type Reason = (typeof reasons)[number];

export const categories = ["command", "user", "infrastructure", "start", "task-definition"] as const;
export type Category = (typeof categories)[number];

export function isRetryable(category: Category): boolean {
  return category === "infrastructure" || category === "start";
}
