import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { promisify } from "node:util";
import type { TaskSpec } from "@keruta/shared/domain";
import { planClaims } from "./claims.ts";
import { goldenCases } from "./golden-cases.fixture.ts";
import { planJob } from "./job.ts";
import type { JobManifest } from "./manifest.ts";
import { aPlan } from "./plan.fixture.ts";

const kubeconfig = process.env["KERUTA_TEST_KUBECONFIG"];
const clusterTool = process.env["KERUTA_TEST_CLUSTER"];
const kubectl = clusterTool === undefined ? "kubectl" : `${clusterTool}/kubectl`;
const run = randomBytes(4).toString("hex");
const namespaces = { baseline: `plan-baseline-${run}`, restricted: `plan-restricted-${run}` } as const;

async function onCluster(args: readonly string[], input = ""): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  const running = promisify(execFile)(kubectl, [...args], { env, maxBuffer: 16 * 1024 ** 2 });
  running.child.stdin?.end(input);
  return running;
}

/**
 * What the server's whole admission says, the Pod's as well as the Job's: a Pod Security breach of a Job is only a
 * warning.
 */
async function admit(namespace: string, job: JobManifest): Promise<{ names: string[]; warnings: string }> {
  const { metadata, spec } = job.spec.template;
  // The ServiceAccount of a case need not exist for its manifest to be right.
  const pod = {
    metadata: { ...metadata, name: "p", namespace },
    spec: { ...spec, serviceAccountName: "default" },
  };
  const whole = { ...job, metadata: { ...job.metadata, namespace } };
  const names: string[] = [];
  let warnings = "";
  for (const object of [whole, { apiVersion: "v1", kind: "Pod", ...pod }]) {
    const { stdout, stderr } = await dryRun(namespace, object);
    names.push(stdout.trim());
    warnings += stderr;
  }
  return { names, warnings };
}

function dryRun(namespace: string, object: object) {
  const args = ["-n", namespace, "create", "--dry-run=server", "-f", "-", "-o", "name"];
  return onCluster(args, JSON.stringify(object));
}

const admitted = { names: ["job.batch/keruta-k7m2xqaf4t-1", "pod/p"], warnings: "" };

describe.skipIf(kubeconfig === undefined)("a real API server", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    for (const [level, name] of Object.entries(namespaces)) {
      await onCluster(["create", "namespace", name]);
      await onCluster(["label", "namespace", name, `pod-security.kubernetes.io/enforce=${level}`]);
      await waitForServiceAccount(name);
    }
  }, 60_000);
  afterAll(async () => {
    await onCluster(["delete", "namespace", ...Object.values(namespaces), "--wait=false"]);
  }, 60_000);

  test.each(Object.entries(goldenCases))("accepts %s where baseline is enforced", async (_name, input) => {
    expect(await admit(namespaces.baseline, planJob(input))).toEqual(admitted);
    for (const { manifest } of planClaims(input)) {
      const object = { ...manifest, metadata: { ...manifest.metadata, namespace: namespaces.baseline } };
      const { stdout } = await dryRun(namespaces.baseline, object);
      expect(stdout.trim()).toBe(`persistentvolumeclaim/${manifest.metadata.name}`);
    }
  });

  test.each<readonly [string, TaskSpec]>([
    ["a command", { command: ["true"] }],
    ["a clone", { command: ["true"], repository: { url: "ssh://git@example.com/r.git", secret: "ssh" } }],
    ["users of the task's own", { command: ["true"], runAsUser: 7, runAsGroup: 7, fsGroup: 7 }],
    ["an unwrapped command", { command: ["true"], agent: "none" }],
    ["volumes", { volumes: [{ name: "a", emptyDir: {}, mountPath: "/a" }] }],
  ])("accepts the restricted profile of %s where restricted is enforced", async (_name, spec) => {
    const job = planJob(aPlan({ image: "example/docs:1", securityProfile: "restricted", ...spec }));
    expect(await admit(namespaces.restricted, job)).toEqual(admitted);
  });

  test("does not accept the baseline profile where restricted is enforced, so that the tests above can fail", async () => {
    const job = planJob(aPlan({ image: "example/docs:1", command: ["true"] }));
    await expect(admit(namespaces.restricted, job)).rejects.toThrow("violates PodSecurity");
  });

  test("accepts the largest task, incompressible and full of dollars", async () => {
    const env = Object.fromEntries(
      Array.from({ length: 4 }, (_, index) => [`V${String(index)}`, randomBytes(48_000).toString("base64")]),
    );
    const script = `${randomBytes(60_000).toString("base64")}${"$".repeat(130_000)}`;
    const job = planJob(aPlan({ image: "example/docs:1", script, env }));
    expect(await admit(namespaces.baseline, job)).toEqual(admitted);
  });
});

async function waitForServiceAccount(namespace: string): Promise<void> {
  const args = ["-n", namespace, "wait", "--for=create", "serviceaccount/default", "--timeout=30s"];
  await onCluster(args);
}
