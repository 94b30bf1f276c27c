import { decodeFrames, podContainers, podPaths } from "@keruta/shared/domain";
import type { Cluster } from "../../cluster/cluster.ts";
import type { ReadSpool } from "../../follow/log-keeper.ts";

/** Reads the spool through the sidecar, which keeps it after the main container has ended. */
export function podSpoolReader(cluster: Cluster, pod: string, signal: AbortSignal): ReadSpool {
  return async function* (afterSequence) {
    const { imageAgent, runDirectory } = podPaths;
    const command = [imageAgent, "spool", "--run-dir", runDirectory, "--from", String(afterSequence)];
    const exec = await cluster.exec({ pod, container: podContainers.sidecar, command }, signal);
    let held: Uint8Array = new Uint8Array(0);
    for await (const chunk of exec.stdout) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const { entries, consumed, damaged } = decodeFrames(bytes);
      if (entries.length > 0) yield entries;
      if (damaged) return;
      held = bytes.subarray(consumed);
    }
    await exec.exitCode;
  };
}
