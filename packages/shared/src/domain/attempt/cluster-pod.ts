import { podContainers } from "../agent/pod-protocol.ts";
import type { ClusterEvidence } from "./cluster-evidence.ts";
import type {
  ClusterContainerStatus,
  ClusterEvent,
  ClusterPod,
  ClusterTermination,
} from "./cluster-objects.ts";

export function initContainers(pod: ClusterPod): readonly ClusterContainerStatus[] {
  return pod.status?.initContainerStatuses ?? [];
}

export function sidecarOf(pod: ClusterPod): ClusterContainerStatus | undefined {
  return initContainers(pod).find(({ name }) => name === podContainers.sidecar);
}

export function mainOf(pod: ClusterPod): ClusterContainerStatus | undefined {
  return (pod.status?.containerStatuses ?? []).find(({ name }) => name === podContainers.main);
}

/** True from its first start on, also after its end. */
export function hasStarted(status: ClusterContainerStatus | undefined): boolean {
  return status?.state?.running !== undefined || status?.state?.terminated !== undefined;
}

/** The runtime could not start it: containerd's word for that, and CRI-O's. */
export function neverStarted({ reason }: ClusterTermination): boolean {
  return reason === "StartError" || reason === "ContainerCannotRun";
}

/** The kubelet finds nothing of it, be it that none was ever made: its exit code 137 is the kubelet's own. */
export function isUnseen({ reason }: ClusterTermination): boolean {
  return reason === "ContainerStatusUnknown";
}

/** False where it was never started, and is never going to be. */
export function mayHaveRun(status: ClusterContainerStatus | undefined): boolean {
  const { running, terminated } = status?.state ?? {};
  if (!terminated) return running !== undefined;
  return !neverStarted(terminated) && !(isUnseen(terminated) && !status?.containerID);
}

/** ISO 8601; null where it has not started. The kubelet tells of one that never did that it started in 1970. */
export function startedAtOf(status: ClusterContainerStatus | undefined): string | null {
  const { running, terminated } = status?.state ?? {};
  return (
    running?.startedAt ?? (terminated && !neverStarted(terminated) ? terminated.startedAt : null) ?? null
  );
}

export function isFinished(pod: ClusterPod): boolean {
  return pod.status?.phase === "Failed" || pod.status?.phase === "Succeeded";
}

/** As `Observation.terminatingSince`, of the Pod as it is now and of what was known before. */
export function terminatingSince({
  pod,
  terminatingSince: before,
}: Pick<ClusterEvidence, "pod" | "terminatingSince">): number | null {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod?.metadata ?? {};
  const over = timeOf(deletionTimestamp);
  // When the last container has ended, the kubelet deletes the Pod for good, and the time is that one's.
  const isFinal = deletionGracePeriodSeconds === 0;
  if (over === undefined || isFinal) return before;
  return Math.min(over - deletionGracePeriodSeconds * 1000, before ?? Infinity);
}

/** Those about the Pod, and no other Pod of the Job; about one container where its name is given. Latest last. */
export function eventsOf(
  events: readonly ClusterEvent[],
  pod: ClusterPod,
  container?: string,
): readonly ClusterEvent[] {
  return events
    .filter(({ involvedObject: { kind, uid, fieldPath } }) => {
      if (kind !== "Pod" || uid !== pod.metadata.uid) return false;
      return container === undefined || fieldPath?.endsWith(`{${container}}`) === true;
    })
    .toSorted(byTime);
}

export function jobEvents(events: readonly ClusterEvent[]): readonly ClusterEvent[] {
  return events.filter(({ involvedObject }) => involvedObject.kind === "Job").toSorted(byTime);
}

/** Milliseconds; undefined where the server gave no time. */
export function timeOf(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}

function byTime(a: ClusterEvent, b: ClusterEvent): number {
  return eventTime(a) - eventTime(b);
}

function eventTime({ series, lastTimestamp, eventTime: single, firstTimestamp }: ClusterEvent): number {
  return timeOf(series?.lastObservedTime ?? lastTimestamp ?? single ?? firstTimestamp) ?? 0;
}
