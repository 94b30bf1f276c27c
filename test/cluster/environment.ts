import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { createSandbox, type Sandbox } from "../sandbox.ts";

const kubeconfig = process.env["KERUTA_TEST_KUBECONFIG"] ?? "";
const tools = process.env["KERUTA_TEST_CLUSTER"];

/** A namespace of the real cluster with a home for the built program that points there. */
export interface ClusterSandbox extends Sandbox {
  readonly namespace: string;
  /** Standard output of kubectl in the namespace. */
  kubectl(...args: string[]): Promise<string>;
  apply(manifest: object): Promise<void>;
}

const execute = promisify(execFile);

export async function createClusterSandbox(
  labels: Readonly<Record<string, string>> = {},
): Promise<ClusterSandbox> {
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
  const env = {
    KUBECONFIG: kubeconfig,
    KERUTA_KUBERNETES_DEFAULT_NAMESPACE: namespace,
    KERUTA_KUBERNETES_GRACE_IMAGE: "5s",
    KERUTA_KUBERNETES_GRACE_CONFIG: "5s",
    KERUTA_KUBERNETES_GRACE_SCHEDULING: "5s",
    KERUTA_KUBERNETES_GRACE_QUOTA: "5s",
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
