import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "@keruta/shared/domain";

/** Removes a directory with all that is in it, also where its owner may not write: a Go module cache is read-only. */
export async function removeTree(root: string): Promise<void> {
  try {
    await remove(root);
  } catch (error) {
    if (codeOf(error) !== "EACCES") throw error;
    await makeWritable(root);
    await remove(root);
  }
}

/** The last process of a command may still be on its way out, and write. */
async function remove(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

async function makeWritable(directory: string): Promise<void> {
  let entries;
  try {
    await chmod(directory, 0o700);
    entries = await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    // Another user's, or gone: the removal that follows tells what is in its way.
    return;
  }
  for (const entry of entries) if (entry.isDirectory()) await makeWritable(join(directory, entry.name));
}
