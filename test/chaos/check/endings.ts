import type { Attempt, Reason } from "../../../packages/shared/src/domain/index.ts";
import { codeOf, restartCode, type TaskPlan } from "../plan/task-plan.ts";
import type { Hits } from "./hits.ts";

/** How an attempt may have ended. */
export interface Ending {
  readonly reason: Reason;
  readonly exitCode: number | null;
  /** True where the command came to its own end: then its whole output is there. */
  readonly isOwn: boolean;
}

/** The end that the task's command comes to by itself. */
function ownEnding({ end }: TaskPlan, number: number): Ending {
  switch (end.kind) {
    case "exit": {
      const exitCode = codeOf(end.codes, number);
      return { reason: exitCode === 0 ? "Completed" : "Error", exitCode, isOwn: true };
    }
    case "signal":
      return { reason: "Error", exitCode: 137, isOwn: true };
    case "timeout":
      // How far it came until then is the machine's.
      return { reason: "TimedOut", exitCode: 143, isOwn: false };
    case "cancel":
      return { reason: "Completed", exitCode: 0, isOwn: true };
  }
}

/** After these, what only the Pod has may be gone before it is here. */
export const podTakers = ["delete-pod", "delete-job", "evict-pod", "kill-pod-sidecar"] as const;

/** What each fault may make of it besides; a fault that is not here changes nothing. */
export function endingsOf(
  plan: TaskPlan,
  number: number,
  hits: Hits,
  isCancelled: boolean,
): readonly Ending[] {
  const endings: Ending[] = [ownEnding(plan, number)];
  const also = (reason: Reason, exitCode: number | null) => endings.push({ reason, exitCode, isOwn: false });
  // The exit code is that of the command's end, wherever it was seen.
  const lost = (reason: Reason) => {
    for (const code of [null, 0, 137, 143]) also(reason, code);
    const own = ownEnding(plan, number).exitCode;
    if (own !== null) also(reason, own);
    // Between two starts the end of the one before stands.
    if (plan.restarts > 0) also(reason, restartCode);
  };
  if (plan.runner === "local") {
    if (hits.has("driver") || hits.has("kill-local-agent")) lost("DriverLost");
    if (hits.has("kill-local-command")) also("Error", 137);
  } else {
    if (hits.has("delete-pod") || hits.has("delete-job")) lost("PodLost");
    if (hits.has("evict-pod")) {
      lost("Evicted");
      lost("PodLost");
    }
    // What died while it made the container.
    if (hits.has("crash-kubelet") || hits.has("crash-containerd")) also("PodLost", null);
    if (hits.has("kill-pod-agent") || hits.has("kill-pod-command")) also("Error", 137);
    if (plan.artifactsRequired && podTakers.some((kind) => hits.has(kind))) also("ArtifactsMissing", 0);
  }
  if (isCancelled) for (const code of [null, 0, 137, 143]) also("Cancelled", code);
  return endings;
}

/** Where a fault and the command itself lead to the same end, it may have been the fault. */
export function findEnding(endings: readonly Ending[], { reason, exitCode }: Attempt): Ending | undefined {
  const found = endings.filter((ending) => ending.reason === reason && ending.exitCode === exitCode);
  return found.find(({ isOwn }) => !isOwn) ?? found[0];
}
