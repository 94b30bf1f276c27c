import { isKerutaError, podContainers, podPaths } from "@keruta/shared/domain";
import type { Cluster } from "../../cluster/cluster.ts";
import { execToEnd } from "../../cluster/index.ts";
import type { Pod } from "../../cluster/objects.ts";
import { withinAnswerTime } from "./answer-time.ts";
import { askAgain } from "./ask-again.ts";
import type { ClusterRunnerDeps } from "./deps.ts";

/** For containers that have nothing more to do. */
const podGraceSeconds = 5;

/** The attempt's result waits for it: not for long. */
const longestWait = 4000;

export interface AcknowledgeDeps extends Pick<ClusterRunnerDeps, "timers"> {
  readonly cluster: Pick<Cluster, "exec" | "deletePod">;
}

/**
 * Tells the sidecar that all is fetched, so that the Pod ends now. Unheard, as where its runtime hangs, it ends at its
 * own deadline; where exec is forbidden it is never heard, and the Pod is deleted.
 */
export async function acknowledge({ cluster, timers }: AcknowledgeDeps, { metadata }: Pod): Promise<void> {
  const command = [podPaths.imageAgent, "acknowledge", "--run-dir", podPaths.runDirectory];
  const exec = { pod: metadata.name, container: podContainers.sidecar, command, maxBytes: 4096 };
  try {
    await withinAnswerTime(timers, (late) =>
      askAgain(timers, longestWait, async () => {
        if (!late.aborted) await execToEnd(cluster, exec, late);
      }),
    );
  } catch (error) {
    if (!isKerutaError(error)) throw error;
    if (!isKerutaError(error, "KRT_CLUSTER_FORBIDDEN")) return;
    await cluster.deletePod(metadata.name, metadata.uid, podGraceSeconds).catch(unlessOurs);
  }
}

/** The cluster says no, or nothing: the Pod ends by itself. */
function unlessOurs(error: unknown): void {
  if (!isKerutaError(error)) throw error;
}
