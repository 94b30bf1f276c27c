import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";

let cluster: ClusterSandbox;
let restricted: ClusterSandbox;
let full: ClusterSandbox;
let jobless: ClusterSandbox;
beforeAll(async () => {
  cluster = await createClusterSandbox();
  restricted = await createClusterSandbox({ labels: { "pod-security.kubernetes.io/enforce": "restricted" } });
  full = await createClusterSandbox();
  jobless = await createClusterSandbox();
  const quota = (hard: object) => ({
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "none" },
    spec: { hard },
  });
  await full.apply(quota({ pods: "0" }));
  await jobless.apply(quota({ "count/jobs.batch": "0" }));
});
afterAll(async () => {
  for (const one of [cluster, restricted, full, jobless]) await one[Symbol.asyncDispose]();
});

interface Expected {
  /** Of `keruta submit`. */
  readonly code: number;
  readonly reason: string;
  readonly category: string;
  /** Of the command; null where it never ran. */
  readonly exitCode: number | null;
  /** In the last line. */
  readonly says: RegExp;
}

const command = (code: number, reason: string, exitCode: number | null, says: RegExp): Expected => ({
  code,
  reason,
  category: "command",
  exitCode,
  says,
});
const notStarted = (reason: string, category: string, says: RegExp, code = 125): Expected => ({
  code,
  reason,
  category,
  exitCode: null,
  says,
});

/** By the fixture's name: what becomes of the task in `fixtures/<name>.yaml`. */
const expectations: Readonly<Record<string, Expected>> = {
  completed: command(0, "Completed", 0, /COMPLETED/),
  error: command(7, "Error", 7, /exit code 7/),
  "timed-out": command(124, "TimedOut", 143, /TimedOut/),
  "oom-killed": command(137, "OOMKilled", 137, /memory/),
  "crash-loop": command(9, "CrashLoopBackOff", 9, /CrashLoopBackOff/),
  "artifacts-missing": command(125, "ArtifactsMissing", 0, /nowhere/),
  "command-not-found": notStarted("CommandNotFound", "task-definition", /no-such-program/, 127),
  "command-not-executable": notStarted("CommandNotExecutable", "task-definition", /\/etc/, 126),
  "image-pull-failed": notStarted("ImagePullFailed", "start", /example\.invalid/),
  "image-never-there": notStarted("ImagePullFailed", "start", /example\.invalid/),
  "invalid-image": notStarted("InvalidImage", "task-definition", /NOT\/An/),
  "missing-secret-variable": notStarted("ContainerConfigError", "task-definition", /not-there/),
  "missing-secret-volume": notStarted("ContainerConfigError", "task-definition", /not-there/),
  "missing-config-map": notStarted("ContainerConfigError", "task-definition", /not-there/),
  unschedulable: notStarted("Unschedulable", "start", /node/i),
  "missing-claim": notStarted("Unschedulable", "start", /not-there/),
  "service-account": notStarted("SubmitFailed", "task-definition", /not-there/),
  "clone-failed": notStarted("CloneFailed", "start", /git/),
};

/** By the fixture's name, in namespaces that refuse its Pod or its Job. */
const refusals = {
  quota: notStarted("SubmitFailed", "start", /quota/),
  "job-quota": notStarted("SubmitFailed", "start", /quota/),
  "pod-security": notStarted("SubmitFailed", "task-definition", /PodSecurity/),
};

describe("each end has its reason", () => {
  test.concurrent.each([...Object.entries(expectations), ...Object.entries(refusals)])(
    "%s",
    async (name, expected) => {
      const { run, status, attempt } = await end(placeOf(name), name);
      expect(attempt).toMatchObject({
        reason: expected.reason,
        category: expected.category,
        exitCode: expected.exitCode,
      });
      expect(run.lastWord).toMatch(expected.says);
      expect(run.code).toBe(expected.code);
      expect(status).toBe(expected.reason === "Completed" ? "COMPLETED" : "FAILED");
    },
  );

  test.concurrent("pending-timeout", async () => {
    const patient = { KERUTA_KUBERNETES_GRACE_SCHEDULING: "10m" };
    const { run, attempt } = await end(cluster, "pending-timeout", patient);
    expect(attempt).toMatchObject({ reason: "Unschedulable", category: "start", exitCode: null });
    expect(run.code).toBe(125);
  });

  test.concurrent("evicted", { timeout: 240_000 }, async () => {
    const { attempt } = await end(cluster, "evicted");
    expect(attempt).toMatchObject({ reason: "Evicted", category: "infrastructure" });
  });

  test.concurrent("pod-deleted", { timeout: 120_000 }, async () => {
    const file = join(import.meta.dirname, "fixtures/pod-deleted.yaml");
    const result = `${cluster.directory}/pod-deleted.json`;
    const { ended } = cluster.start(["submit", "-f", file, "--result", result, "--id-file", `${result}.id`]);
    const pod = await podOf(cluster, `${result}.id`);
    await cluster.kubectl("wait", "--for=jsonpath={.status.phase}=Running", `pod/${pod}`, "--timeout=60s");
    await cluster.kubectl("delete", "pod", pod, "--grace-period=1");
    const run = await ended;
    const task = JSON.parse(await readFile(result, "utf8")) as { attempt: object };
    expect(task.attempt).toMatchObject({ reason: "PodLost", category: "infrastructure" });
    expect(run.code).toBe(125);
  });
});

async function podOf(sandbox: ClusterSandbox, idFile: string): Promise<string> {
  let name = "";
  await expect
    .poll(
      async () => {
        const id = await readFile(idFile, "utf8").catch(() => "none");
        const selector = `keruta.dev/task-id=${id.trim()}`;
        name = await sandbox.kubectl(
          "get",
          "pods",
          "-l",
          selector,
          "-o",
          "jsonpath={.items[*].metadata.name}",
        );
        return name;
      },
      { timeout: 60_000, interval: 200 },
    )
    .not.toBe("");
  return name;
}

async function end(sandbox: ClusterSandbox, name: string, env: Readonly<Record<string, string>> = {}) {
  const result = `${sandbox.directory}/${name}.json`;
  const file = join(import.meta.dirname, `fixtures/${name}.yaml`);
  const run = await sandbox.run(["submit", "-f", file, "--result", result], { env });
  const text = await readFile(result, "utf8").catch(() => {
    throw new Error(`no result of ${name}: ${run.stderr}`);
  });
  const task = JSON.parse(text) as { status: string; attempt: Record<string, unknown> };
  return { run, ...task };
}

function placeOf(name: string): ClusterSandbox {
  if (name === "quota") return full;
  if (name === "job-quota") return jobless;
  return name === "pod-security" ? restricted : cluster;
}
