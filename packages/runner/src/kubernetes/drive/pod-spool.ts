import {
  KerutaError,
  decodeFrames,
  isFinalSpoolEnd,
  isSpoolEnd,
  lastSequenceOf,
  podContainers,
  podPaths,
} from "@keruta/shared/domain";
import type { Cluster } from "../../cluster/cluster.ts";
import type { ReadSpool } from "../../follow/log-keeper.ts";
import type { Timers } from "../../stages/timers.ts";
import { unlessSilent } from "./unless-silent.ts";

interface PodSpoolDeps {
  readonly cluster: Pick<Cluster, "exec">;
  readonly timers: Pick<Timers, "after">;
}

/** What is stored already is read and left out before anything comes: of a full spool, on a slow disk, for a minute. */
const longestSilence = 120_000;

/**
 * Reads the spool through the sidecar, which keeps it after the main container has ended, to the sender's end mark: what
 * the API server passes on may be cut at its end and still be called a success (kubernetes/kubernetes#124571; 400 kB of
 * 1 GB were missing once, on a busy machine). Throws KRT_CLUSTER_CUT where the mark did not come and more may be had, as
 * where nothing comes any more.
 */
export function podSpoolReader({ cluster, timers }: PodSpoolDeps, pod: string, stop: AbortSignal): ReadSpool {
  /** The last sequence of a spool that will never have more: what it does not have is not looked for again. */
  let end = Number.POSITIVE_INFINITY;
  return async function* (afterSequence) {
    if (afterSequence >= end) return true;
    let last = afterSequence;
    const { imageAgent, runDirectory } = podPaths;
    const command = [imageAgent, "spool", "--run-dir", runDirectory, "--from", String(afterSequence)];
    async function* output(signal: AbortSignal) {
      const exec = await cluster.exec({ pod, container: podContainers.sidecar, command }, signal);
      yield* exec.stdout;
      throw notWhole(await exec.exitCode, exec.stderr().trim());
    }
    let held: Uint8Array = new Uint8Array(0);
    for await (const chunk of unlessSilent({ timers }, { milliseconds: longestSilence, stop }, output)) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const { entries, consumed } = decodeFrames(bytes);
      const newest = entries.at(-1);
      if (newest) {
        yield entries;
        last = lastSequenceOf(newest);
      }
      held = bytes.subarray(consumed);
      if (!isSpoolEnd(held)) continue;
      if (isFinalSpoolEnd(held)) end = last;
      return isFinalSpoolEnd(held);
    }
    return false;
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
