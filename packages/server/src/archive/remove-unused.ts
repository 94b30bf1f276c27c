import type { LogArchiveStore } from "@keruta/shared/queue";
import { openArchivePlace } from "./open-place.ts";

export interface RemoveUnusedDeps {
  readonly store: LogArchiveStore;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

/** An object that another process writes just now is announced and not pointed to yet: it takes minutes at most. */
const youngMilliseconds = 60 * 60_000;

/** Removes the objects whose logs are gone, and those that a process left which died; tells how many. */
export async function removeUnusedArchives({ store, clock, signal }: RemoveUnusedDeps): Promise<number> {
  let removed = 0;
  while (!signal.aborted) {
    const unused = await store.takeUnused(clock() - youngMilliseconds);
    for (const { id, location, key } of unused) {
      if (signal.aborted) return removed;
      const place = await openArchivePlace(location);
      await place.remove(key);
      await store.forgetArchive(id);
      removed += 1;
    }
    if (unused.length === 0) break;
  }
  return removed;
}
