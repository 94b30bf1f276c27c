import { isKerutaError, podContainers } from "@keruta/shared/domain";
import type { Cluster } from "../../cluster/cluster.ts";
import type { Pod } from "../../cluster/objects.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { pause } from "./pause.ts";

/** True where the Pod is gone; false as well where that cannot be asked. */
export async function isPodGone(
  cluster: Pick<Cluster, "getPod">,
  { metadata }: Pick<Pod, "metadata">,
): Promise<boolean> {
  return await asked(async () => (await cluster.getPod(metadata.name))?.metadata.uid !== metadata.uid);
}

/** True where the Pod's sidecar answers nobody any more; false as well where that cannot be asked. */
export async function hasSidecarEnded(
  cluster: Pick<Cluster, "getPod">,
  { metadata }: Pick<Pod, "metadata">,
): Promise<boolean> {
  return await asked(async () => {
    const pod = await cluster.getPod(metadata.name);
    if (pod?.metadata.uid !== metadata.uid) return true;
    const sidecar = pod.status?.initContainerStatuses?.find(({ name }) => name === podContainers.sidecar);
    return sidecar?.state?.terminated !== undefined || isOver(pod);
  });
}

/** Milliseconds between looks: with nothing to hand over a sidecar has ended after all of them. */
const looks = [500, 1000, 1500] as const;

/** True where the Pod's sidecar is still there some seconds after the main container's end. */
export async function sidecarStays(
  { cluster, timers }: Pick<ClusterRunnerDeps, "timers"> & { readonly cluster: Pick<Cluster, "getPod"> },
  pod: Pod,
  lost: AbortSignal,
): Promise<boolean> {
  if (isOver(pod)) return false;
  for (const wait of looks) {
    if (lost.aborted) break;
    await pause({ timers }, wait, [lost]);
    if (await hasSidecarEnded(cluster, pod)) return false;
  }
  return !lost.aborted;
}

/** Whatever a cluster says that is away or has changed its mind: who asks has a deadline. */
async function asked(look: () => Promise<boolean>): Promise<boolean> {
  try {
    return await look();
  } catch (error) {
    if (!isKerutaError(error)) throw error;
    return false;
  }
}

function isOver({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}
