import { podContainers } from "../agent/pod-protocol.ts";
import type { ClusterEvidence, Observation, StartFailure } from "./cluster-evidence.ts";
import type { ClusterContainerStatus, ClusterEvent, ClusterPod } from "./cluster-objects.ts";
import { eventsOf, initContainers, isFinished, mainOf } from "./cluster-pod.ts";

export function phaseOf({ pod, events }: ClusterEvidence): Observation["phase"] {
  if (pod === null) return "Scheduling";
  const main = mainOf(pod);
  if (main?.state?.terminated || isFinished(pod)) return "Collecting";
  if (main?.state?.running) return "Running";
  if (!isScheduled(pod)) return "Scheduling";
  const next = [...initContainers(pod), main].find((one) => one !== undefined && !isDone(one));
  if (next?.name === podContainers.clone && next.state?.running) return "Cloning";
  return next && isPulling(next, eventsOf(events, pod, next.name)) ? "Pulling" : "Starting";
}

/** What the attempt ends with if a wait without trouble takes too long. */
export function failureOfPhase(phase: Observation["phase"], hasPod: boolean): StartFailure {
  switch (phase) {
    case "Scheduling":
      return hasPod
        ? { reason: "Unschedulable", category: "start", message: "No node took the Pod." }
        : { reason: "SubmitFailed", category: "start", message: "The cluster made no Pod for the Job." };
    case "Pulling":
      return { reason: "ImagePullFailed", category: "start", message: "The image was not pulled in time." };
    case "Cloning":
      return { reason: "CloneFailed", category: "start", message: "The clone was not done in time." };
    case "Starting":
    case "Running":
    case "Collecting":
      // The sidecar is the first to start: whatever holds the Pod back holds it back.
      return {
        reason: "SidecarFailed",
        category: "start",
        message: "The Pod's containers did not start in time.",
      };
  }
}

function isScheduled({ status, spec }: ClusterPod): boolean {
  if (spec?.nodeName !== undefined) return true;
  return (
    status?.conditions?.some(({ type, status: is }) => type === "PodScheduled" && is === "True") === true
  );
}

/** The clone is done when it ended well, a sidecar when it has started. */
function isDone({ name, started, state }: ClusterContainerStatus): boolean {
  if (state?.terminated?.exitCode === 0) return true;
  return name !== podContainers.clone && started === true && state?.running !== undefined;
}

function isPulling({ state }: ClusterContainerStatus, events: readonly ClusterEvent[]): boolean {
  const { reason } = state?.waiting ?? {};
  if (reason === "ErrImagePull" || reason === "ImagePullBackOff") return true;
  const last = events.findLast((event) => event.reason === "Pulling" || event.reason === "Pulled");
  return last?.reason === "Pulling";
}
