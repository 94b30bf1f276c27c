import { isKerutaError, podContainers, podPaths, type AgentReport } from "@keruta/shared/domain";
import type { Cluster } from "../../cluster/cluster.ts";
import { execToEnd } from "../../cluster/index.ts";

/** A log below this leaves the sidecar nothing to wait for (`agent/src/sidecar/what-is-wanted.ts`). */
const shortLog = 1 << 20;
/** A frame's header in the spool. */
const bytesPerEntry = 24;

/** True where the sidecar stays after the command's end for what only it has. */
export function sidecarWaits(ranWrapped: boolean, report: AgentReport | null): boolean {
  if (!ranWrapped) return false;
  if (!report) return true;
  return report.stdout.bytes + report.stderr.bytes + report.sequence * bytesPerEntry >= shortLog;
}

/** Tells the sidecar that all is fetched, so that the Pod ends now. Unheard, it ends at its own deadline. */
export async function acknowledge(cluster: Cluster, pod: string): Promise<void> {
  const command = [podPaths.imageAgent, "acknowledge", "--run-dir", podPaths.runDirectory];
  try {
    await execToEnd(cluster, { pod, container: podContainers.sidecar, command, maxBytes: 4096 });
  } catch (error) {
    if (!isKerutaError(error)) throw error;
  }
}
