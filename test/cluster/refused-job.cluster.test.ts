import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { says } from "../local/says.ts";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";

let cluster: ClusterSandbox;
beforeAll(async () => {
  cluster = await createClusterSandbox();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const image = ["--image", "localhost/keruta-test/busybox:1"];

describe("a Job that is refused for now", () => {
  test("is made when its quota has room", async () => {
    const hard = { "count/jobs.batch": "0" };
    const metadata = { name: "no-jobs" };
    await cluster.apply({ apiVersion: "v1", kind: "ResourceQuota", metadata, spec: { hard } });
    const env = { KERUTA_KUBERNETES_GRACE_QUOTA: "2m" };
    const { child, ended } = cluster.start(["submit", ...image, "--", "sh", "-c", "exit 7"], { env });
    await says(child, "refuses it for now");
    await cluster.kubectl("delete", "resourcequota", "no-jobs");
    expect((await ended).code).toBe(7);
  });

  test("ends no task where its driver lacks the right, and is made when that is given back", async () => {
    const take = ["--type=json", '-p=[{"op":"replace","path":"/rules","value":[]}]'];
    const role = await cluster.kubectl("get", "role", "keruta", "-o", "json");
    await cluster.kubectl("patch", "role", "keruta", ...take);

    const refused = await cluster.run(["submit", ...image, "--", "sh", "-c", "exit 0"]);
    expect([refused.code, refused.stderr]).toEqual([125, expect.stringMatching(/forbidden.*\n.*next:/)]);
    const { status, attempt } = await cluster.json(["show", "@last"]);
    expect([status, attempt]).toEqual(["IN_PROGRESS", expect.objectContaining({ reason: null })]);

    const worker = cluster.start(["worker"]);
    await says(worker.child, "forbidden");
    const { metadata, rules } = JSON.parse(role) as { metadata: { name: string }; rules: object[] };
    await cluster.kubectl("patch", "role", metadata.name, "--type=merge", `-p=${JSON.stringify({ rules })}`);
    await says(worker.child, "COMPLETED");
    worker.child.kill("SIGTERM");
    expect((await worker.ended).code).toBe(0);
    expect(await cluster.json(["show", "@last"])).toMatchObject({
      status: "COMPLETED",
      attempts: [{ number: 1 }],
    });
  });
});
