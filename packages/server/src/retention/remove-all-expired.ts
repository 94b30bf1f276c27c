import type { Retention } from "@keruta/shared/domain";
import type { Queue, Removed, RetentionStore } from "@keruta/shared/queue";
import { removeArtifactFiles } from "./remove-artifact-files.ts";

export interface RetentionDeps {
  readonly queue: Pick<Queue, "getTask" | "uid">;
  readonly retention: RetentionStore;
  readonly usual: Retention;
  /** The root of collected artifacts on this machine. */
  readonly artifactRoot: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

export interface RemovedAll extends Removed {
  /** Tasks whose files were removed here. */
  readonly artifactFiles: number;
}

/** Removes what is over its time, piece by piece, between which everything else goes on. */
export async function removeAllExpired(deps: RetentionDeps): Promise<RemovedAll> {
  const { retention, usual, signal } = deps;
  // Files first: while their rows are there, a pass that died is made good by the next one.
  const artifactFiles = await removeArtifactFiles(deps);
  const removed = { logs: 0, artifacts: 0, tasks: 0 };
  for (let from: number | null = 0; from !== null && !signal.aborted;) {
    const page = await retention.removeExpired(usual, from);
    for (const what of ["logs", "artifacts", "tasks"] as const) removed[what] += page.removed[what];
    from = page.next;
  }
  return { ...removed, artifactFiles };
}
