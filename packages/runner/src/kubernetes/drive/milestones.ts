import type { Observation } from "@keruta/shared/domain";
import type { Pod } from "../../cluster/objects.ts";

export interface Milestones {
  /** Called once, when the command's container has started. */
  readonly onStarted: (pod: Pod) => void;
  /** Called once, when the Pod of a command that was started is being deleted. */
  readonly onTerminating: (pod: Pod) => void;
}

/** Calls each when it is reached, in this order, also where a driver comes when it has long been. */
export function watchMilestones({ onStarted, onTerminating }: Milestones) {
  let hasStarted = false;
  let isTerminating = false;
  return (pod: Pod | null, { phase, commandStartedAt }: Observation): void => {
    const isThere = phase === "Running" || phase === "Collecting";
    if (!hasStarted && pod && isThere && commandStartedAt !== null) {
      hasStarted = true;
      onStarted(pod);
    }
    if (hasStarted && !isTerminating && pod?.metadata.deletionTimestamp !== undefined) {
      isTerminating = true;
      onTerminating(pod);
    }
  };
}
