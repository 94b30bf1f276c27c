import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { lockName } from "./lock.ts";

/** What an interrupted command of git leaves: all of it makes the next checkout refuse or behave otherwise. */
const interrupted = new Set([
  "MERGE_HEAD",
  "MERGE_MODE",
  "MERGE_MSG",
  "CHERRY_PICK_HEAD",
  "REVERT_HEAD",
  "BISECT_LOG",
  "BISECT_START",
  "rebase-merge",
  "rebase-apply",
  "sequencer",
]);

/** Never searched: large, and without anything of the kind. */
const skipped = new Set(["objects", "logs", "hooks", "info", "lfs"]);

/**
 * Removes stale lock files and half-done merges. Only for the holder of the directory's lock, while the
 * one-writer rule keeps tasks out of it: any lock file then belongs to a process that was killed.
 */
export async function removeLeftovers(gitDirectory: string): Promise<string[]> {
  const removed: string[] = [];
  for (const entry of await readdir(gitDirectory, { withFileTypes: true })) {
    const path = join(gitDirectory, entry.name);
    const stale = entry.isFile() && entry.name.endsWith(".lock") && entry.name !== lockName;
    if (stale || interrupted.has(entry.name)) {
      await rm(path, { recursive: true, force: true });
      removed.push(path);
    } else if (entry.isDirectory() && !skipped.has(entry.name)) {
      removed.push(...(await removeLeftovers(path)));
    }
  }
  return removed;
}
