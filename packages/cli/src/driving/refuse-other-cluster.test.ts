import { describe, expect, it } from "vitest";
import type { Queue } from "@keruta/shared/queue";
import { testContext } from "../compose/context.fake.ts";
import { addTask } from "../tasks/queued.fake.ts";
import { refuseOtherCluster } from "./refuse-other-cluster.ts";
import { runToEnd } from "./run-to-end.ts";
import { createSilentWatcher } from "./silent-watcher.ts";

const holder = { host: "h", user: "u", pid: 1, bootId: "", pidNamespace: "", startTime: "1" };
const termsOf = (cluster: string) => ({
  holder,
  runners: ["local", "kubernetes"] as const,
  defaultRunner: "kubernetes" as const,
  cluster,
});
const context = { name: "blue", server: "https://blue.example" };

/** A task whose attempt is on the cluster `one`, and whose driver has left it. */
async function left(queue: Queue, spec: { namespace?: string } = {}): Promise<string> {
  const { id } = await addTask(queue, { spec: { command: ["true"], ...spec } });
  const claim = await queue.claim({ ...termsOf("one"), taskId: id });
  if (!claim) throw new Error("not claimed");
  await queue.recordAttempt(claim.lease, { cluster: "one", context, namespace: "team-a" });
  await queue.releaseLease(claim.lease);
  return id;
}

describe("an attempt of another cluster", () => {
  it("is refused by name, with the context to use, where nobody drives it", async () => {
    await using surroundings = await testContext();
    const queue = await surroundings.queue();
    const id = await left(queue);
    const refused = refuseOtherCluster(surroundings.context, queue, id, termsOf("two"));
    await expect(refused).rejects.toMatchObject({
      code: "KRT_CLUSTER_MISMATCH",
      text: { en: expect.stringContaining("blue (https://blue.example), namespace team-a") as string },
      hint: { en: expect.stringContaining(`keruta attach ${id} --context blue -n team-a`) as string },
      details: { taskId: id, cluster: "one", ownCluster: "two", context },
    });
    await expect(
      refuseOtherCluster(surroundings.context, queue, id, termsOf("one")),
    ).resolves.toBeUndefined();
  });

  it("names no namespace to use where the task has its own", async () => {
    await using surroundings = await testContext();
    const queue = await surroundings.queue();
    const id = await left(queue, { namespace: "team-a" });
    await expect(refuseOtherCluster(surroundings.context, queue, id, termsOf("two"))).rejects.toMatchObject({
      hint: { en: `Go on with it there: \`keruta attach ${id} --context blue\`.` },
    });
  });

  it("is followed as long as its driver lives", async () => {
    await using surroundings = await testContext();
    const queue = await surroundings.queue();
    const { id } = await addTask(queue);
    const claim = await queue.claim({ ...termsOf("one"), taskId: id });
    expect(claim?.attempt.cluster).toBe("one");
    await expect(
      refuseOtherCluster(surroundings.context, queue, id, termsOf("two")),
    ).resolves.toBeUndefined();
  });

  it("ends `attach` and `submit TASK_ID`, which would wait for ever", async () => {
    await using surroundings = await testContext();
    const queue = await surroundings.queue();
    const id = await left(queue);
    const attached = runToEnd({
      context: surroundings.context,
      queue,
      watcher: createSilentWatcher(),
      taskId: id,
      claim: null,
      terms: termsOf("two"),
      onInterrupt: "detach",
      leaveAtOnce: false,
      drive: () => Promise.reject(new Error("another cluster's attempt was driven")),
    });
    await expect(attached).rejects.toMatchObject({ code: "KRT_CLUSTER_MISMATCH" });
    expect((await queue.getTask(id))?.status).toBe("IN_PROGRESS");
    expect(surroundings.listeners()).toBe(0);
  });
});
