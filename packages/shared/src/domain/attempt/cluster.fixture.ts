import { agentReport } from "../agent/report.fixture.ts";
import type { ClusterEvidence, ClusterGraces } from "./cluster-evidence.ts";
import type { ClusterEvent, ClusterJob, ClusterPod } from "./cluster-objects.ts";

/** As a real cluster gave them, without the fields that nobody reads. */
interface Capture {
  readonly job: ClusterJob | null;
  readonly pods: readonly ClusterPod[];
  readonly events: readonly ClusterEvent[];
}

export const minute = 60_000;

/** Each grace of another length, so that a test tells which one was taken. */
export const graces: ClusterGraces = {
  image: 1 * minute,
  config: 2 * minute,
  scheduling: 3 * minute,
  quota: 4 * minute,
  crashLoop: 5 * minute,
  sidecar: 6 * minute,
  pendingTimeout: 60 * minute,
};

/** The driver's clock: any, since nothing is held against the cluster's. */
export const now = Date.parse("2020-01-01T00:00:00Z");

/** Of the text of a file in cluster-fixtures. */
export function evidenceOf(text: string, change: Partial<ClusterEvidence> = {}): ClusterEvidence {
  const { job, pods, events } = JSON.parse(text) as Capture;
  const seen = { jobGone: job === null, pod: oldest(pods), podGone: false, events };
  return { ...seen, createdAt: now, wait: null, terminatingSince: null, ...change };
}

function oldest(pods: readonly ClusterPod[]): ClusterPod | null {
  const createdAt = ({ metadata }: ClusterPod) => Date.parse(metadata.creationTimestamp ?? "");
  return pods.toSorted((a, b) => createdAt(a) - createdAt(b))[0] ?? null;
}

export const report = agentReport({
  startedAt: "2026-11-22T08:00:00.000Z",
  finishedAt: "2026-11-22T08:00:01.000Z",
});
