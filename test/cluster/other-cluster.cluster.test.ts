import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";

let cluster: ClusterSandbox;
let other: ClusterSandbox;
beforeAll(async () => {
  cluster = await createClusterSandbox();
  other = await createClusterSandbox();
});
afterAll(async () => {
  for (const one of [cluster, other]) await one[Symbol.asyncDispose]();
});

describe("a task whose Job is elsewhere", () => {
  test("is refused by name from another place, and goes on from its own", async () => {
    const image = ["--image", "localhost/keruta-test/busybox:1"];
    const detached = await cluster.run(["submit", "--detach", ...image, "--", "sh", "-c", "sleep 1; exit 7"]);
    const id = detached.stdout.toString().trim();
    const { attempt } = (await cluster.json(["show", id])) as {
      attempt: { context: { name: string; server: string }; leaseExpiresAt: string };
    };
    expect(attempt.context.server).toMatch(/^https:/);

    for (const line of [
      ["attach", id],
      ["submit", id],
      ["submit", id, "--detach"],
    ]) {
      const run = await cluster.run([...line, "-n", other.namespace]);
      expect(run.code).toBe(125);
      expect(run.stderr).toContain("KRT_CLUSTER_MISMATCH");
      expect(run.stderr).toContain(`${attempt.context.name} (${attempt.context.server})`);
      expect(run.lastWord).toContain(
        `keruta attach ${id} --context ${attempt.context.name} -n ${cluster.namespace}`,
      );
    }
    const attached = await cluster.run([
      "attach",
      id,
      "--context",
      attempt.context.name,
      "-n",
      cluster.namespace,
    ]);
    expect(attached.code).toBe(7);
    expect(await other.kubectl("get", "jobs", "-o", "name")).toBe("");
  });
});
