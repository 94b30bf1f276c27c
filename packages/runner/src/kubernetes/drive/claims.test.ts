import { podLabels, type Task } from "@keruta/shared/domain";
import { describe, expect, test } from "vitest";
import type { ObjectMeta, Pod, VolumeClaim } from "../../cluster/objects.ts";
import type { PlannedClaim } from "../../plan/index.ts";
import { ensureClaims, removeClaims, sweepClaims } from "./claims.ts";

const labels = { [podLabels.queue]: "q", [podLabels.taskId]: "aaaaaaaaaa" };
const planned = [
  { isOwn: true, removedAtEnd: true, manifest: { metadata: { name: "c", labels } } },
] as unknown as readonly PlannedClaim[];
const podOf = (attempt: number): Pod => ({
  metadata: {
    name: `p${String(attempt)}`,
    uid: "",
    labels: { ...labels, [podLabels.attempt]: String(attempt) },
  },
});
const taskOf = (status: string, number: number) =>
  ({ id: "aaaaaaaaaa", status, attempt: { number } }) as Task;

/** A claim that is there, and the Pods of two attempts; `task` is what the queue has now. */
function world({ task, claim = {} }: { task?: Task; claim?: Partial<ObjectMeta> }) {
  const deleted: string[] = [];
  const found: VolumeClaim = { metadata: { name: "c", uid: "u", labels, ...claim } };
  const remove = async (name: string) => {
    deleted.push(name);
    return "deleted" as const;
  };
  const deps = {
    queue: { uid: "q", getTask: async () => task },
    observer: {} as never,
    cluster: {
      createClaim: async () => "exists" as const,
      getClaim: async () => found,
      listClaims: async () => [found],
      listPods: async () => [podOf(1), podOf(2)],
      deleteClaim: remove,
      deletePod: remove,
    },
  };
  return { deps, deleted };
}

describe("a task's own claim goes with it, and the Pods that hold it", () => {
  test("of all attempts that have ended", async () => {
    const { deps, deleted } = world({ task: taskOf("FAILED", 2) });
    await removeClaims(deps, planned, taskOf("FAILED", 2));
    expect(deleted).toEqual(["c", "p1", "p2"]);
  });

  test("not of one that a retry has started since the queue was asked", async () => {
    const { deps, deleted } = world({ task: taskOf("FAILED", 1) });
    await removeClaims(deps, planned, taskOf("FAILED", 1));
    expect(deleted).toEqual(["c", "p1"]);
  });

  test("not where the task has been retried", async () => {
    const { deps, deleted } = world({ task: taskOf("RUNNING", 2) });
    await removeClaims(deps, planned, taskOf("FAILED", 1));
    expect(deleted).toEqual([]);
  });
});

describe("a claim that a driver left behind goes", () => {
  test.each<readonly [string, Task | undefined, readonly string[]]>([
    ["with the Pods of attempts that have ended", taskOf("FAILED", 1), ["c", "p1"]],
    ["with all Pods of a task that is not known any more", undefined, ["c", "p1", "p2"]],
    ["not while its task goes on", taskOf("QUEUED", 1), []],
  ])("%s", async (_, task, expected) => {
    const { deps, deleted } = world(task ? { task } : {});
    await sweepClaims(deps);
    expect(deleted).toEqual(expected);
  });
});

test.each<readonly [string, Partial<ObjectMeta>, string]>([
  [
    "that is going can be made anew in a moment",
    { deletionTimestamp: "2026-01-01T00:00:00Z" },
    "KRT_CLUSTER_CONFLICT",
  ],
  ["that is another task's is refused", { labels: {} }, "KRT_CLUSTER_REFUSED"],
])("a claim of the name %s", async (_, claim, code) => {
  const { deps } = world({ claim });
  await expect(ensureClaims(deps.cluster, planned)).rejects.toMatchObject({ code });
});
