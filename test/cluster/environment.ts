import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { createSandbox, type Sandbox } from "../sandbox.ts";

const kubeconfig = process.env["KERUTA_TEST_KUBECONFIG"] ?? "";
const tools = process.env["KERUTA_TEST_CLUSTER"];
const agentImage = process.env["KERUTA_TEST_AGENT_IMAGE"];

/** A namespace of the real cluster with a home for the built program that points there. */
export interface ClusterSandbox extends Sandbox {
  readonly namespace: string;
  /** Standard output of kubectl in the namespace. */
  kubectl(...args: string[]): Promise<string>;
  apply(manifest: object): Promise<void>;
}

const execute = promisify(execFile);

async function install(sandbox: Sandbox, namespace: string, exec: boolean): Promise<void> {
  // Tests of reports let a server of this machine have the agents of these tasks.
  const args = ["install", "-n", namespace, `--exec=${String(exec)}`, "--agent-tokens=true"];
  const { code, stderr } = await sandbox.run(args, { env: { KUBECONFIG: kubeconfig } });
  if (code !== 0) throw new Error(`keruta install failed: ${stderr}`);
}

interface Kubeconfig {
  readonly clusters: { readonly cluster: { server: string; "tls-server-name"?: string } }[];
  users: { readonly name: string; user: object }[];
}

/** The administrator's kubeconfig for another user, or for another address of the same server. */
export async function kubeconfigFor(change: { token?: string; server?: string }): Promise<string> {
  const config = parse(await readFile(kubeconfig, "utf8")) as Kubeconfig;
  const { token, server } = change;
  if (token !== undefined) for (const each of config.users) each.user = { token };
  for (const { cluster } of config.clusters) {
    if (server === undefined) continue;
    cluster["tls-server-name"] ??= new URL(cluster.server).hostname;
    cluster.server = server;
  }
  return stringify(config);
}

export interface ClusterSandboxOptions {
  readonly labels?: Readonly<Record<string, string>>;
  /** False: without the right to exec. */
  readonly exec?: boolean;
}

/** keruta runs in it as the ServiceAccount that `keruta install` makes; kubectl as the administrator. */
export async function createClusterSandbox({
  labels = {},
  exec = true,
}: ClusterSandboxOptions = {}): Promise<ClusterSandbox> {
  const sandbox = await createSandbox();
  const namespace = `keruta-test-${randomBytes(4).toString("hex")}`;
  const program = tools === undefined ? "kubectl" : join(tools, "kubectl");
  const kubectl = async (...args: string[]) => {
    const { stdout } = await execute(program, ["-n", namespace, ...args], {
      env: { ...process.env, KUBECONFIG: kubeconfig },
      maxBuffer: 64 << 20,
    });
    return stdout;
  };
  const apply = async (manifest: object) => {
    await kubectl("apply", "-f", await sandbox.file("manifest.json", JSON.stringify(manifest)));
  };
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } });
  await install(sandbox, namespace, exec);
  const token = (await kubectl("create", "token", "keruta", "--duration=4h")).trim();
  const env = {
    KUBECONFIG: await sandbox.file("kubeconfig", await kubeconfigFor({ token })),
    KERUTA_KUBERNETES_DEFAULT_NAMESPACE: namespace,
    KERUTA_KUBERNETES_GRACE_IMAGE: "5s",
    KERUTA_KUBERNETES_GRACE_CONFIG: "5s",
    KERUTA_KUBERNETES_GRACE_SCHEDULING: "5s",
    KERUTA_KUBERNETES_GRACE_QUOTA: "5s",
    ...(agentImage !== undefined && { KERUTA_AGENT_IMAGE: agentImage }),
    KERUTA_GIT_IMAGE: "localhost/keruta-test/git:1",
  };
  return {
    ...sandbox,
    namespace,
    kubectl,
    apply,
    start: (args, options) => sandbox.start(args, { ...options, env: { ...env, ...options?.env } }),
    run: (args, options) => sandbox.run(args, { ...options, env: { ...env, ...options?.env } }),
    async [Symbol.asyncDispose]() {
      await kubectl("delete", "namespace", namespace, "--wait=false");
      await sandbox[Symbol.asyncDispose]();
    },
  };
}
