import { expect, test } from "vitest";
import { evidenceOf } from "./cluster.fixture.ts";
import { clusterEnd } from "./cluster-end.ts";
import type { ClusterContainerStatus } from "./cluster-objects.ts";
import { mayHaveRun } from "./cluster-pod.ts";

const unseen = { terminated: { exitCode: 137, reason: "ContainerStatusUnknown", startedAt: null } };
const containerID = "containerd://1";

test.each<readonly [string, Omit<ClusterContainerStatus, "name">, boolean]>([
  ["is being made", { state: { waiting: { reason: "ContainerCreating" } } }, false],
  ["runs", { containerID, state: { running: {} } }, true],
  ["has ended", { containerID, state: { terminated: { exitCode: 0, reason: "Completed" } } }, true],
  [
    "could not be started",
    { containerID, state: { terminated: { exitCode: 128, reason: "StartError" } } },
    false,
  ],
  ["was lost by its node", { containerID, state: unseen }, true],
  ["was never made, in a Pod that was deleted", { state: unseen }, false],
])("a container that %s", (_name, status, expected) => {
  expect(mayHaveRun({ name: "main", ...status })).toBe(expected);
});

test("the exit code of a container that nobody saw end is not the command's", () => {
  const status = { phase: "Failed", containerStatuses: [{ name: "main", state: unseen }] };
  const pod = { metadata: { name: "p", uid: "p" }, status };
  const evidence = evidenceOf(JSON.stringify({ job: {}, pods: [pod], events: [] }));
  const end = clusterEnd(evidence, { report: null, wrapped: false, failure: null });
  expect(end).toMatchObject({ main: { exitCode: null }, disruption: { reason: "PodLost" } });
});
