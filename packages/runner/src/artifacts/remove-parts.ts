import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { finalNameOfPart } from "./part-name.ts";

/** What an earlier collection into the same directory left. Its holder is gone: the caller has the lease now. */
export async function removePartsOf(directory: string): Promise<void> {
  const parent = dirname(directory);
  for (const name of await namesIn(parent)) {
    if (finalNameOfPart(name) === basename(directory))
      await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
