import { expect, test } from "vitest";
import { createClusterSandbox } from "./environment.ts";

test("a task that is left at once runs with no driver there, and attach has its log and code", async () => {
  await using cluster = await createClusterSandbox();
  const command = [
    "--image",
    "localhost/keruta-test/busybox:1",
    "--",
    "sh",
    "-c",
    "echo hi; sleep 2; exit 3",
  ];
  const left = await cluster.run(["submit", "--detach", ...command]);
  expect(left.code).toBe(0);
  const id = left.stdout.toString().trim();
  const pods = ["pods", "-l", `keruta.dev/task-id=${id}`];
  await cluster.kubectl("wait", "--for=jsonpath={.status.phase}=Running", ...pods, "--timeout=60s");
  const attached = await cluster.run(["attach", id]);
  expect([attached.code, attached.stdout.toString()]).toEqual([3, "hi\n"]);
});
