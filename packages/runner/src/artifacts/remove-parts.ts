import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf } from "@keruta/shared/domain";
import { finalNameOfPart } from "./part-name.ts";

/** What an earlier collection into the same directory left. Its holder is gone: the caller has the lease now. */
export async function removePartsOf(directory: string): Promise<void> {
  await removeWhere(dirname(directory), (attempt) => attempt === basename(directory));
}

/** Of all attempts of a task that has ended; `parent` is the task's directory. */
export async function removePartsIn(parent: string): Promise<void> {
  await removeWhere(parent, (attempt) => attempt !== undefined);
}

async function removeWhere(
  parent: string,
  isWanted: (attempt: string | undefined) => boolean,
): Promise<void> {
  for (const name of await namesIn(parent)) {
    if (isWanted(finalNameOfPart(name))) await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
