import { isKerutaError, podContainers } from "@keruta/shared/domain";
import type { Cluster } from "../../cluster/cluster.ts";
import type { Pod } from "../../cluster/objects.ts";

/** False also where the cluster does not say. `uid`: of the Pod that is meant; another of its name is none. */
export async function hasSidecarEnded(
  cluster: Pick<Cluster, "getPod">,
  name: string,
  uid?: string,
): Promise<boolean> {
  try {
    const pod = await cluster.getPod(name);
    if (!pod || (uid !== undefined && pod.metadata.uid !== uid)) return true;
    const sidecar = pod.status?.initContainerStatuses?.find(
      (container) => container.name === podContainers.sidecar,
    );
    return sidecar?.state?.terminated !== undefined || isOver(pod);
  } catch (error) {
    // Whatever a cluster says that is away or has changed its mind: the caller's deadline holds.
    if (!isKerutaError(error)) throw error;
    return false;
  }
}

function isOver({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}
