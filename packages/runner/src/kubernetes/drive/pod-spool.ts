import {
  KerutaError,
  decodeFrames,
  isSpoolEnd,
  lastSequenceOf,
  podPaths,
  type LogEntry,
} from "@keruta/shared/domain";
import { isTransient } from "../../cluster/index.ts";
import type { ReadSpool } from "../../follow/log-keeper.ts";
import { execInSidecar, type ExecInSidecarDeps } from "./exec-in-sidecar.ts";

/** In a row, after which the spool cannot be had. */
const fruitlessReads = 5;

/** Reads the spool through the sidecar, which keeps it after the main container has ended. */
export function podSpoolReader(deps: ExecInSidecarDeps, pod: string, signal: AbortSignal): ReadSpool {
  return async function* (afterSequence) {
    let reached = afterSequence;
    for (let fruitless = 0; fruitless < fruitlessReads;) {
      const before = reached;
      try {
        for await (const entries of readOnce(deps, pod, reached, signal)) {
          reached = entries.reduce((_, entry) => lastSequenceOf(entry), reached);
          yield entries;
        }
        return;
      } catch (error) {
        if (signal.aborted || !isTransient(error)) throw error;
      }
      fruitless = reached > before ? 0 : fruitless + 1;
    }
    throw endless(pod);
  };
}

/**
 * To the sender's end mark: what the API server passes on may be cut at its end and still be called a success
 * (kubernetes/kubernetes#124571; 400 kB of 1 GB were missing once, on a busy machine).
 */
async function* readOnce(
  deps: ExecInSidecarDeps,
  pod: string,
  afterSequence: number,
  signal: AbortSignal,
): AsyncGenerator<readonly LogEntry[]> {
  const { imageAgent, runDirectory } = podPaths;
  const command = [imageAgent, "spool", "--run-dir", runDirectory, "--from", String(afterSequence)];
  const exec = await execInSidecar(deps, pod, { command }, signal);
  let held: Uint8Array = new Uint8Array(0);
  for await (const chunk of exec.stdout) {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const { entries, consumed } = decodeFrames(bytes);
    if (entries.length > 0) yield entries;
    held = bytes.subarray(consumed);
    if (isSpoolEnd(held)) return;
  }
  // The sender itself says so where the rest is damaged.
  if ((await exec.exitCode) === 0) throw cutShort(pod);
}

function cutShort(pod: string): KerutaError {
  return new KerutaError("KRT_CLUSTER_CUT", {
    en: `The spool of Pod ${pod} came without its end.`,
    ja: `Pod ${pod} のスプールが途中で途切れました。`,
  });
}

function endless(pod: string): KerutaError {
  return new KerutaError("KRT_CLUSTER_CUT", {
    en: `The spool of Pod ${pod} was cut ${String(fruitlessReads)} times in a row, with nothing new.`,
    ja: `Pod ${pod} のスプールの読み取りが、新しい内容なしに続けて ${String(fruitlessReads)} 回途切れました。`,
  });
}
