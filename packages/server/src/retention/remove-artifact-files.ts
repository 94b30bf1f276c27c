import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { readOwner, removePartsIn } from "@keruta/runner/artifacts";
import {
  artifactsExpired,
  codeOf,
  isTaskId,
  isTerminal,
  type Retention,
  type Task,
} from "@keruta/shared/domain";
import type { RetentionDeps } from "./remove-all-expired.ts";

/** A driver makes the directory before the task's row may be seen from here: another clock, another database's copy. */
const youngMilliseconds = 60 * 60_000;

/**
 * Removes the files of artifacts that are over their time, and of this queue's tasks that are gone; tells of how many
 * tasks.
 */
export async function removeArtifactFiles(deps: Omit<RetentionDeps, "retention">): Promise<number> {
  const { queue, usual, artifactRoot, clock, signal } = deps;
  let removed = 0;
  for (const name of await directoriesIn(artifactRoot)) {
    if (signal.aborted) break;
    if (!isTaskId(name)) continue;
    const directory = join(artifactRoot, name);
    const task = await queue.getTask(name);
    const isOver = task
      ? isExpired(task, usual, clock())
      : (await readOwner(directory)) === queue.uid && (await isOld(directory, clock()));
    if (!isOver) {
      // Of a driver that died, where the attempt was settled on another machine.
      if (task && isTerminal(task.status)) await removePartsIn(directory);
      continue;
    }
    await rm(directory, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

function isExpired({ status, spec, updatedAt }: Task, usual: Retention, now: number): boolean {
  return isTerminal(status) && artifactsExpired({ spec, endedAt: Date.parse(updatedAt) }, usual, now);
}

async function isOld(directory: string, now: number): Promise<boolean> {
  const { mtimeMs } = await stat(directory);
  return mtimeMs + youngMilliseconds < now;
}

async function directoriesIn(root: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    // Nothing was collected on this machine yet.
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}
