import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { deflateRawSync } from "node:zlib";
import {
  decodeFrames,
  isSpoolEnd,
  podPaths,
  podVolumes,
  taskPieces,
  type AgentReport,
} from "@keruta/shared/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cluster, kubectl, loadAgentImage } from "./agent-pod.fixture.ts";

const namespace = `test-agent-${randomBytes(4).toString("hex")}`;
const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  runAsUser: 65532,
  readOnlyRootFilesystem: true,
  seccompProfile: { type: "RuntimeDefault" },
};
const variables = (env: object) =>
  Object.entries(env).map(([name, value]) => ({ name, value: String(value) }));

let image: string;

interface PodOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** As if the kubelet had been killed while the sidecar's hook ran: the hook does nothing. */
  readonly hookForgotten?: boolean;
}

function podOf(name: string, sh: string, { env = {}, hookForgotten = false }: PodOptions = {}): object {
  const { runDirectory, artifacts, imageAgent, agent, binRoot, taskFile } = podPaths;
  const mounts = (readOnly: boolean) => [
    { name: podVolumes.bin, mountPath: binRoot, readOnly },
    { name: podVolumes.run, mountPath: runDirectory },
    { name: podVolumes.workspace, mountPath: "/workspace" },
  ];
  const places = ["--run-dir", runDirectory, "--workspace", "/workspace", "--artifacts-dir", artifacts];
  const run = [agent, "run", "--task-id", "t234567abc", ...places, "--bin-dir", podPaths.binDirectory];
  const install = [imageAgent, "install", binRoot, "--run-dir", runDirectory];
  const task = taskPieces(deflateRawSync(JSON.stringify({ id: "t234567abc", title: "題名" })));
  const sidecar = {
    name: "keruta",
    image,
    imagePullPolicy: "IfNotPresent",
    restartPolicy: "Always",
    command: [imageAgent, "sidecar", "--install-to", binRoot, ...places, "--grace", "60s"],
    env: variables(Object.fromEntries(task)),
    ...(hookForgotten ? {} : { lifecycle: { postStart: { exec: { command: install } } } }),
    securityContext: restricted,
    volumeMounts: mounts(false),
  };
  const main = {
    name: "main",
    image: "localhost/keruta-test/busybox:1",
    imagePullPolicy: "IfNotPresent",
    command: [...run, "--termination-message", podPaths.terminationMessage, "--", "sh", "-c", sh],
    env: variables({ KERUTA_TASK_FILE: taskFile, KERUTA_ARTIFACTS: artifacts, ...env }),
    securityContext: restricted,
    volumeMounts: mounts(true),
  };
  // Stands for the time in which the node has no kubelet.
  const untilInstalled = {
    name: "wait",
    image: "localhost/keruta-test/busybox:1",
    imagePullPolicy: "IfNotPresent",
    command: ["sh", "-c", `until [ -e ${taskFile} ]; do sleep 0.1; done`],
    securityContext: restricted,
    volumeMounts: mounts(true),
  };
  const volumes = [podVolumes.bin, podVolumes.run, podVolumes.workspace];
  const spec = {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 60,
    volumes: volumes.map((volume) => ({ name: volume, emptyDir: {} })),
    initContainers: hookForgotten ? [sidecar, untilInstalled] : [sidecar],
    containers: [main],
  };
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace }, spec };
}

/** Starts the Pod and gives main's exit code and termination message, when it has ended. */
async function runMain(name: string, pod: object): Promise<{ exitCode: number; message?: string }> {
  const applied = await kubectl(["apply", "-f", "-"], JSON.stringify(pod));
  expect(applied.stderr).toBe("");
  return await waitFor(async () => {
    const { stdout } = await kubectl(["get", "pod", name, "-n", namespace, "-o", "json"]);
    const { status } = JSON.parse(stdout.toString()) as {
      status: { containerStatuses?: { state: { terminated?: { exitCode: number; message?: string } } }[] };
    };
    return status.containerStatuses?.[0]?.state.terminated;
  });
}

async function waitFor<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    await sleep(200);
  }
}

const execAgent = (name: string, ...args: string[]) =>
  kubectl(["exec", name, "-n", namespace, "-c", "keruta", "--", podPaths.imageAgent, ...args]);

const phaseOf = async (name: string) => {
  const { stdout } = await kubectl(["get", "pod", name, "-n", namespace, "-o", "jsonpath={.status.phase}"]);
  return /Succeeded|Failed/.exec(stdout.toString())?.[0];
};

describe.skipIf(!cluster)("the agent in a Pod under Pod Security restricted", { timeout: 90_000 }, () => {
  beforeAll(async () => {
    image = await loadAgentImage();
    await kubectl(["create", "namespace", namespace]);
    const label = "pod-security.kubernetes.io/enforce=restricted";
    const labelled = await kubectl(["label", "namespace", namespace, label]);
    if (labelled.code !== 0) throw new Error(labelled.stderr);
  }, 120_000);
  afterAll(() => kubectl(["delete", "namespace", namespace, "--wait=false"]));

  test("a task has its file, its artifacts and its exit code, beside an image's hostile variables", async () => {
    const hostile = {
      LD_PRELOAD: "/etc/passwd",
      LD_LIBRARY_PATH: "/x",
      NODE_OPTIONS: "--require /x",
      HOME: "",
    };
    const sh = 'cat $KERUTA_TASK_FILE; echo " $LD_PRELOAD"; echo x > $KERUTA_ARTIFACTS/a; exit 7';
    const { exitCode, message } = await runMain("hostile", podOf("hostile", sh, { env: hostile }));
    expect(exitCode).toBe(7);
    const { stdout } = await kubectl(["logs", "hostile", "-n", namespace, "-c", "main"]);
    expect(stdout.toString()).toContain('"title":"題名"} /etc/passwd\n');
    const result = await execAgent("hostile", "result");
    expect(JSON.parse(result.stdout.toString())).toEqual(JSON.parse(message ?? ""));
    expect(await phaseOf("hostile")).toBeUndefined();
    expect(await execAgent("hostile", "acknowledge")).toMatchObject({ code: 0, stderr: "" });
    expect(await waitFor(() => phaseOf("hostile"))).toBe("Failed");
  });

  test("a killed agent's spool is kept, and the Pod ends when it has been acknowledged", async () => {
    const { exitCode } = await runMain(
      "killed",
      podOf("killed", "echo kept; sleep 1; kill -9 $PPID; sleep 60"),
    );
    expect(exitCode).toBe(137);
    expect((await execAgent("killed", "result")).code).toBe(3);
    const { stdout } = await execAgent("killed", "spool", "--from", "1");
    const { entries, consumed } = decodeFrames(stdout);
    expect(entries).toMatchObject([{ sequence: 2, bytes: Buffer.from("kept") }]);
    expect(isSpoolEnd(stdout.subarray(consumed))).toBe(true);
    expect((await execAgent("killed", "acknowledge")).code).toBe(0);
    expect(await waitFor(() => phaseOf("killed"))).toBe("Failed");
  });

  test("what a forgotten hook has not installed the sidecar has", async () => {
    const pod = podOf("forgotten", "cat $KERUTA_TASK_FILE; exit 7", { hookForgotten: true });
    expect((await runMain("forgotten", pod)).exitCode).toBe(7);
    const { stdout } = await kubectl(["logs", "forgotten", "-n", namespace, "-c", "main"]);
    expect(stdout.toString()).toContain('"title":"題名"}');
  });

  test("a short log without artifacts holds the Pod for nobody", async () => {
    const { message } = await runMain("short", podOf("short", "echo short"));
    expect((JSON.parse(message ?? "") as AgentReport).exitCode).toBe(0);
    expect(await waitFor(() => phaseOf("short"))).toBe("Succeeded");
  });
});
