import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { agentImage } from "../../scripts/images/agent-image.ts";
import { parseArchitecture } from "../../scripts/images/architecture.ts";

const start = promisify(execFile);

/** The cluster tool's folder and its cluster's kubeconfig; undefined where there is no cluster to test on. */
export const cluster = clusterOf(process.env);

function clusterOf(env: NodeJS.ProcessEnv) {
  const { KERUTA_TEST_CLUSTER: tool, KERUTA_TEST_KUBECONFIG: kubeconfig } = env;
  return tool === undefined || kubeconfig === undefined ? undefined : { tool, kubeconfig };
}

/** Puts the agent's image, built where it is not up to date, on the cluster's node; gives its reference. */
export async function loadAgentImage(): Promise<string> {
  const { archive, reference } = await agentImage(parseArchitecture(process.arch));
  if (cluster) await start(join(cluster.tool, "load-image"), [archive]);
  return reference;
}

export interface KubectlRun {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export async function kubectl(args: readonly string[], input?: string | Buffer): Promise<KubectlRun> {
  if (!cluster) throw new Error("There is no cluster to test on.");
  const running = start(join(cluster.tool, "kubectl"), [...args], {
    env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
    encoding: "buffer",
    maxBuffer: 64 << 20,
  });
  running.child.stdin?.end(input);
  try {
    const { stdout, stderr } = await running;
    return { code: 0, stdout, stderr: stderr.toString() };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout: Buffer; stderr: Buffer };
    if (typeof code !== "number") throw error;
    return { code, stdout, stderr: stderr.toString() };
  }
}
