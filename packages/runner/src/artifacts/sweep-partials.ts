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

export interface SweepPartials {
  readonly store: string;
  /** True while some driver may still be collecting: the attempt is not settled. */
  readonly isInUse: (taskId: string, attempt: number) => Promise<boolean>;
}

/** Removes the parts that crashed collections left in `<store>/<task id>/`; gives how many. */
export async function sweepPartials({ store, isInUse }: SweepPartials): Promise<number> {
  let removed = 0;
  for (const taskId of await namesIn(store)) {
    for (const name of await namesIn(join(store, taskId))) {
      const attempt = finalNameOfPart(name);
      if (attempt === undefined || !/^\d{1,9}$/.test(attempt) || (await isInUse(taskId, Number(attempt))))
        continue;
      await rm(join(store, taskId, name), { recursive: true, force: true });
      removed += 1;
    }
  }
  return removed;
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
