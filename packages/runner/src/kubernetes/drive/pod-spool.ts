import { decodeFrames, KerutaError, podContainers, podPaths } from "@keruta/shared/domain";
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
    const code = await exec.exitCode;
    if (code !== 0) throw notWhole(code, exec.stderr().trim());
  };
}

/** A process that was killed, with its container, leaves no word; one that found the spool damaged does. */
function notWhole(code: number, words: string): KerutaError {
  const text = `keruta-agent spool: ${String(code)}${words === "" ? "" : ` (${words})`}`;
  return new KerutaError(words === "" ? "KRT_CLUSTER_CUT" : "KRT_CLUSTER_REFUSED", {
    en: `The spool was not read to its end: ${text}.`,
    ja: `スプールを最後まで読み取れませんでした: ${text}`,
  });
}
