import { readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "@keruta/shared/domain";

/** Beside the attempts in a task's directory: the uid of the queue whose task it is. */
const ownerFile = ".queue";

/** Queues may share one store: only its own one may remove the files of a task that it does not know (any more). */
export async function writeOwner(directory: string, queue: string): Promise<void> {
  try {
    await writeFile(join(directory, ownerFile), `${queue}\n`, { flag: "wx", mode: 0o600, flush: true });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

/** The queue's uid; undefined where none is said. */
export async function readOwner(directory: string): Promise<string | undefined> {
  try {
    return (await readFile(join(directory, ownerFile), "utf8")).trim() || undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Removes a task's directory that has nothing but its owner. */
export async function removeUnused(directory: string): Promise<void> {
  try {
    const names = await readdir(directory);
    if (names.some((name) => name !== ownerFile)) return;
    await rm(join(directory, ownerFile), { force: true });
    await rmdir(directory);
  } catch (error) {
    // Another collection of the task begins, or has done the same.
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(codeOf(error) ?? "")) throw error;
  }
}
