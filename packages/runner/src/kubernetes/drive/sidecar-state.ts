import { isKerutaError, podContainers } from "@keruta/shared/domain";
import type { Cluster } from "../../cluster/cluster.ts";
import type { Pod } from "../../cluster/objects.ts";

/** True where the Pod's sidecar answers nobody any more; false as well where that cannot be asked. */
export async function hasSidecarEnded(
  cluster: Pick<Cluster, "getPod">,
  { metadata }: Pick<Pod, "metadata">,
): Promise<boolean> {
  try {
    const pod = await cluster.getPod(metadata.name);
    if (pod?.metadata.uid !== metadata.uid) return true;
    const sidecar = pod.status?.initContainerStatuses?.find(({ name }) => name === podContainers.sidecar);
    return sidecar?.state?.terminated !== undefined || isOver(pod);
  } catch (error) {
    // Whatever a cluster says that is away or has changed its mind: who asks has a deadline.
    if (!isKerutaError(error)) throw error;
    return false;
  }
}

function isOver({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}
