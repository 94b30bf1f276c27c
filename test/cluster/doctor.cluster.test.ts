import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";

let cluster: ClusterSandbox;
beforeAll(async () => {
  cluster = await createClusterSandbox();
});
afterAll(async () => cluster[Symbol.asyncDispose]());

interface Shown {
  readonly ok: boolean;
  readonly items: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly remedy: string | null;
  }[];
}

async function doctor(...args: string[]) {
  const run = await cluster.run(["doctor", "-o", "json", ...args]);
  if (run.stdout.length === 0) throw new Error(`doctor printed nothing: ${run.stderr}`);
  return { run, shown: JSON.parse(run.stdout.toString()) as Shown };
}

/** A kubeconfig of a ServiceAccount that may do all that keruta does but exec, in this namespace only. */
async function kubeconfigWithoutExec(): Promise<string> {
  const name = "no-exec";
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name } };
  await cluster.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name } });
  await cluster.apply({
    ...role,
    kind: "Role",
    rules: [
      {
        apiGroups: ["batch"],
        resources: ["jobs"],
        verbs: ["create", "get", "list", "watch", "delete", "patch"],
      },
      { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "delete"] },
      { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
      { apiGroups: [""], resources: ["events"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
    ],
  });
  await cluster.apply({
    ...role,
    kind: "RoleBinding",
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", name, namespace: cluster.namespace }],
  });
  const token = (await cluster.kubectl("create", "token", name)).trim();
  const admin = JSON.parse(
    await cluster.kubectl("config", "view", "--raw", "--minify", "--flatten", "-o", "json"),
  ) as { users: readonly { name: string }[] };
  const users = admin.users.map((user) => ({ name: user.name, user: { token } }));
  return cluster.file("no-exec.kubeconfig", JSON.stringify({ ...admin, users }));
}

describe("keruta doctor on the real cluster", () => {
  test("finds all well for an administrator", async () => {
    const { run, shown } = await doctor();
    expect(shown.items.filter(({ status }) => status !== "ok")).toEqual([]);
    expect({ ok: shown.ok, code: run.code, stderr: run.stderr }).toEqual({ ok: true, code: 0, stderr: "" });
    const [found] = shown.items.filter(({ name }) => name === "kubeconfig");
    expect(found?.message).toContain(`namespace ${cluster.namespace}`);
  });

  test("runs a real task with --run, and leaves none behind", async () => {
    const { run, shown } = await doctor("--run");
    expect(shown.items.find(({ name }) => name === "run")).toMatchObject({ status: "ok" });
    expect(run.code).toBe(0);
    expect(await cluster.json(["list"])).toMatchObject({ items: [] });
  });

  test("names what a ServiceAccount without exec lacks, and nothing else", async () => {
    const { run, shown } = await doctor("--kubeconfig", await kubeconfigWithoutExec());
    expect(shown.items.filter(({ status }) => status !== "ok").map(({ name }) => name)).toEqual([
      "right:get:pods/exec",
      "right:create:pods/exec",
    ]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("2 of ");
  });

  test("says how to make a namespace that is not there", async () => {
    const { run, shown } = await doctor("-n", "keruta-test-not-there");
    expect(shown.items.find(({ name }) => name === "namespace")).toMatchObject({
      status: "failed",
      remedy: expect.stringContaining("kubectl create namespace keruta-test-not-there") as string,
    });
    expect(run.code).toBe(1);
  });
});

describe("--dry-run=server", () => {
  const image = ["--image", "localhost/keruta-test/busybox:1"];

  test("prints the Job as the server would store it, and stores nothing", async () => {
    const run = await cluster.run(["submit", "--dry-run=server", "-o", "json", ...image, "--", "true"]);
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(run.stdout.toString())).toMatchObject({
      kind: "Job",
      metadata: { name: "keruta-dryrunonly-1", namespace: cluster.namespace },
      spec: { completionMode: "NonIndexed", template: { spec: { dnsPolicy: "ClusterFirst" } } },
    });
    expect(await cluster.kubectl("get", "jobs", "-o", "name")).not.toContain("dryrunonly");
  });

  test("gives the server's refusal", async () => {
    const run = await cluster.run([
      "submit",
      "--dry-run=server",
      ...image,
      "-n",
      "keruta-test-not-there",
      "--",
      "true",
    ]);
    expect(run.code).toBe(125);
    expect(run.stderr).toContain("keruta-test-not-there");
  });

  test("client's YAML is what kubectl takes", async () => {
    const run = await cluster.run(["render", ...image, "--env", "A=no", "--", "true"]);
    const file = await cluster.file("job.yaml", run.stdout);
    expect(await cluster.kubectl("create", "--dry-run=server", "-o", "name", "-f", file)).toBe(
      "job.batch/keruta-dryrunonly-1\n",
    );
  });
});
