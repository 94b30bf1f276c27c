import {
  KerutaError,
  decodeFrames,
  isSpoolEnd,
  lastSequenceOf,
  podPaths,
  type LogEntry,
} from "@keruta/shared/domain";
import type { Exec } from "../../cluster/cluster.ts";
import type { Pod } from "../../cluster/objects.ts";
import { isTransient } from "../../cluster/index.ts";
import type { ReadSpool } from "../../follow/log-keeper.ts";
import { execInSidecar, type ExecInSidecarDeps } from "./exec-in-sidecar.ts";

/** In a row, after which the spool cannot be had. */
const fruitlessReads = 5;

/** Reads the spool through the sidecar, which keeps it after the main container has ended. */
export function podSpoolReader(deps: ExecInSidecarDeps, pod: Pod, signal: AbortSignal): ReadSpool {
  const { name } = pod.metadata;
  const { imageAgent, runDirectory } = podPaths;
  return async function* (afterSequence) {
    let reached = afterSequence;
    for (let fruitless = 0; fruitless < fruitlessReads;) {
      const before = reached;
      const command = [imageAgent, "spool", "--run-dir", runDirectory, "--from", String(reached)];
      const exec = await execInSidecar(deps, pod, { command }, signal);
      try {
        for await (const entries of entriesOf(exec, name)) {
          reached = entries.reduce((_, entry) => lastSequenceOf(entry), reached);
          yield entries;
        }
        return;
      } catch (error) {
        if (signal.aborted || !isTransient(error)) throw error;
      }
      fruitless = reached > before ? 0 : fruitless + 1;
    }
    throw endless(name);
  };
}

/**
 * To the sender's end mark: what the API server passes on may be cut at its end and still be called a success
 * (kubernetes/kubernetes#124571; 400 kB of 1 GB were missing once, on a busy machine).
 */
async function* entriesOf(exec: Exec, pod: string): AsyncGenerator<readonly LogEntry[]> {
  let held: Uint8Array = new Uint8Array(0);
  for await (const chunk of exec.stdout) {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const { entries, consumed } = decodeFrames(bytes);
    if (entries.length > 0) yield entries;
    held = bytes.subarray(consumed);
    if (isSpoolEnd(held)) return;
  }
  const code = await exec.exitCode;
  const words = exec.stderr().trim();
  // A sender that was killed, with its container, leaves no word; one that found the spool damaged does.
  throw code === 0 || words === "" ? cutShort(pod) : damaged(words);
}

function cutShort(pod: string): KerutaError {
  return new KerutaError("KRT_CLUSTER_CUT", {
    en: `The spool of Pod ${pod} came without its end.`,
    ja: `Pod ${pod} のスプールが途中で途切れました。`,
  });
}

function damaged(words: string): KerutaError {
  return new KerutaError("KRT_CLUSTER_REFUSED", {
    en: `The spool was not read to its end: ${words}`,
    ja: `スプールを最後まで読み取れませんでした: ${words}`,
  });
}

function endless(pod: string): KerutaError {
  return new KerutaError("KRT_CLUSTER_CUT", {
    en: `The spool of Pod ${pod} was cut ${String(fruitlessReads)} times in a row, with nothing new.`,
    ja: `Pod ${pod} のスプールの読み取りが、新しい内容なしに続けて ${String(fruitlessReads)} 回途切れました。`,
  });
}
