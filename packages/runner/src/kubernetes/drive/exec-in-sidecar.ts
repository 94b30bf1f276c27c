import { podContainers } from "@keruta/shared/domain";
import type { Exec, ExecOptions } from "../../cluster/cluster.ts";
import type { Pod } from "../../cluster/objects.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { patiently, sidecarPatience, type PatienceDeps } from "./patience.ts";

export type ExecInSidecarDeps = PatienceDeps & Pick<ClusterRunnerDeps, "cluster">;

/**
 * Starts a command in the Pod's sidecar, also after an outage of the API server, the kubelet or the runtime, and when
 * the kubelet has started a killed one again. Throws what the cluster said last where it stays in vain.
 */
export async function execInSidecar(
  deps: ExecInSidecarDeps,
  pod: Pod,
  options: Pick<ExecOptions, "command" | "stdin">,
  signal: AbortSignal,
): Promise<Exec> {
  const target = { pod: pod.metadata.name, container: podContainers.sidecar };
  const patience = sidecarPatience(deps, pod, signal);
  return await patiently(patience, () => deps.cluster.exec({ ...target, ...options }, signal));
}
