import type { Observation } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import type { Pod } from "../../cluster/objects.ts";
import { watchMilestones } from "./milestones.ts";

const pod: Pod = { metadata: { name: "p", uid: "p" } };
const deleted: Pod = { metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };
const at = "2026-01-01T00:00:00Z";

type Look = readonly [Pod | null, Observation["phase"], commandStartedAt?: string];

test.each<readonly [string, readonly Look[], readonly string[]]>([
  [
    "a start that is seen",
    [
      [null, "Scheduling"],
      [pod, "Starting"],
      [pod, "Running", at],
      [pod, "Running", at],
    ],
    ["started"],
  ],
  ["a driver that comes later", [[pod, "Running", at]], ["started"]],
  [
    "an end that is seen before the start",
    [
      [pod, "Starting"],
      [pod, "Collecting", at],
    ],
    ["started"],
  ],
  ["a container that never started", [[pod, "Collecting"]], []],
  [
    "a deletion before the start",
    [
      [pod, "Starting"],
      [deleted, "Starting"],
    ],
    [],
  ],
  [
    "a deletion",
    [
      [pod, "Running", at],
      [deleted, "Running", at],
      [deleted, "Collecting", at],
    ],
    ["started", "terminating"],
  ],
  ["a driver that comes at the deletion", [[deleted, "Running", at]], ["started", "terminating"]],
])("%s", (_, looks, expected) => {
  const told: string[] = [];
  const look = watchMilestones({
    onStarted: () => told.push("started"),
    onTerminating: () => told.push("terminating"),
  });
  for (const [seen, phase, commandStartedAt = null] of looks)
    look(seen, { phase, commandStartedAt } as Observation);
  expect(told).toEqual(expected);
});
