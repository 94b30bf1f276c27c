import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClusterSandbox, kubeconfigFor, type ClusterSandbox } from "./environment.ts";

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

async function doctor(args: readonly string[] = [], sandbox = cluster) {
  const run = await sandbox.run(["doctor", "-o", "json", ...args]);
  if (run.stdout.length === 0) throw new Error(`doctor printed nothing: ${run.stderr}`);
  return { run, shown: JSON.parse(run.stdout.toString()) as Shown };
}

describe("keruta doctor on the real cluster", () => {
  test("finds all well for the ServiceAccount that `keruta install` makes", async () => {
    const { run, shown } = await doctor();
    expect(shown.items.filter(({ status }) => status !== "ok")).toEqual([]);
    expect({ ok: shown.ok, code: run.code, stderr: run.stderr }).toEqual({ ok: true, code: 0, stderr: "" });
    const [found] = shown.items.filter(({ name }) => name === "kubeconfig");
    expect(found?.message).toContain(`namespace ${cluster.namespace}`);
  });

  test("runs a real task with --run, and leaves none behind", async () => {
    const { run, shown } = await doctor(["--run"]);
    expect(shown.items.find(({ name }) => name === "run")).toMatchObject({ status: "ok" });
    expect(run.code).toBe(0);
    expect(await cluster.json(["list"])).toMatchObject({ items: [] });
  });

  test.each([
    ["http://kubernetes.default.svc:443", "ok", 0],
    ["http://keruta.invalid:8080", "failed", 1],
  ])("has a Pod resolve the name in %s, which agents report to: %s", async (url, status, code) => {
    const env = { KERUTA_AGENT_API_URL: url, KERUTA_AGENT_REPORT_WAIT: "1s" };
    const run = await cluster.run(["doctor", "--run", "-o", "json"], { env });
    const { items } = JSON.parse(run.stdout.toString()) as Shown;
    const statusOf = (name: string) => items.find((item) => item.name === name)?.status;
    expect([statusOf("run"), statusOf("dns:pod"), run.code]).toEqual(["ok", status, code]);
  });

  test("names what goes without exec, and nothing else", async () => {
    await using other = await createClusterSandbox({ exec: false });
    const { run, shown } = await doctor([], other);
    expect(shown.items.filter(({ status }) => status !== "ok")).toMatchObject([
      { name: "right:get:pods/exec", status: "warning", remedy: expect.stringContaining("keruta install") },
      { name: "right:create:pods/exec", status: "warning" },
    ]);
    expect(run.code).toBe(0);
  });

  test("says how to make a namespace that is not there", async () => {
    const kubeconfig = await cluster.file("administrator", await kubeconfigFor({}));
    const { run, shown } = await doctor(["-n", "keruta-test-not-there", "--kubeconfig", kubeconfig]);
    expect(shown.items.find(({ name }) => name === "namespace")).toMatchObject({
      status: "failed",
      remedy: expect.stringContaining("kubectl create namespace keruta-test-not-there") as string,
    });
    expect(run.code).toBe(1);
  });
});

describe("keruta install", () => {
  interface Rule {
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }

  test("prints what kubectl takes: no wildcard, Secrets written and never read, exec apart", async () => {
    const printed = await cluster.run(["install", "--dry-run"]);
    const file = await cluster.file("install.yaml", printed.stdout);
    const names = (await cluster.kubectl("apply", "--dry-run=server", "-o", "name", "-f", file)).trim();
    expect(names.split("\n").map((name) => name.replace(/^([a-z]+)[^/]*/, "$1"))).toEqual([
      "serviceaccount/keruta",
      "role/keruta",
      "rolebinding/keruta",
      "role/keruta-exec",
      "rolebinding/keruta-exec",
      "networkpolicy/keruta-tasks",
    ]);
    const roles = JSON.parse(await cluster.kubectl("get", "roles", "-o", "json")) as {
      items: readonly { readonly metadata: { readonly name: string }; readonly rules: readonly Rule[] }[];
    };
    const words = roles.items.flatMap(({ rules }) =>
      rules.flatMap(({ resources, verbs }) => [...resources, ...verbs]),
    );
    expect(words.filter((word) => word.includes("*"))).toEqual([]);
    const ofSecrets = roles.items.filter(({ rules }) =>
      rules.some(({ resources }) => resources.includes("secrets")),
    );
    expect(ofSecrets).toMatchObject([
      {
        metadata: { name: "keruta-agent-tokens" },
        rules: [{ resources: ["secrets"], verbs: ["create", "patch", "delete"] }],
      },
    ]);
    const withExec = roles.items.filter(({ rules }) =>
      rules.some(({ resources }) => resources.includes("pods/exec")),
    );
    expect(withExec.map(({ metadata }) => metadata.name)).toEqual(["keruta-exec"]);
  });

  test("changes nothing the second time, and brings back what was changed", async () => {
    const kubeconfig = await cluster.file("installer", await kubeconfigFor({}));
    const install = async () =>
      (await cluster.run(["install", "--kubeconfig", kubeconfig])).stdout.toString();
    expect((await install()).match(/ unchanged$/gm)).toHaveLength(6);
    await cluster.kubectl(
      "patch",
      "role",
      "keruta-exec",
      "--type=json",
      '-p=[{"op":"replace","path":"/rules","value":[]}]',
    );
    expect(await install()).toContain(`Role ${cluster.namespace}/keruta-exec configured`);
    expect(await cluster.kubectl("get", "role", "keruta-exec", "-o", "jsonpath={.rules[0].resources}")).toBe(
      '["pods/exec"]',
    );
  });

  test("says who must do it where the user may not", async () => {
    const run = await cluster.run(["install"]);
    expect([run.code, run.stderr]).toEqual([1, expect.stringMatching(/forbidden.*\n.*next:/)]);
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
