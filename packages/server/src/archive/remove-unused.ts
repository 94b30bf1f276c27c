import { isKerutaError, type KerutaError } from "@keruta/shared/domain";
import type { Archive, LogArchiveStore } from "@keruta/shared/queue";
import { openArchivePlace } from "./open-place.ts";

export interface RemoveUnusedDeps {
  readonly store: LogArchiveStore;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
  /** Told once of each place that cannot be used; what lies there is tried again the next time. */
  readonly warn: (error: KerutaError) => void;
}

/** An object that another process writes just now is announced and not pointed to yet: it takes minutes at most. */
const youngMilliseconds = 60 * 60_000;

/** Removes the objects whose logs are gone, and those that a process left which died; tells how many. */
export async function removeUnusedArchives(deps: RemoveUnusedDeps): Promise<number> {
  const { store, clock, signal, warn } = deps;
  const lost = new Set<string>();
  let removed = 0;
  for (let from: string | null = ""; from !== null && !signal.aborted;) {
    const page = await store.takeUnused(clock() - youngMilliseconds, from);
    for (const archive of page.archives) {
      if (signal.aborted) return removed;
      if (lost.has(archive.location)) continue;
      const failure = await removeObject(archive);
      if (failure) {
        lost.add(archive.location);
        warn(failure);
        continue;
      }
      await store.forgetArchive(archive.id);
      removed += 1;
    }
    from = page.next;
  }
  return removed;
}

/** Resolves with what is wrong with the place. */
async function removeObject({ location, key }: Archive): Promise<KerutaError | undefined> {
  try {
    const place = await openArchivePlace(location);
    await place.remove(key);
    return undefined;
  } catch (error) {
    if (isKerutaError(error) && error.code.startsWith("KRT_ARCHIVE_")) return error;
    throw error;
  }
}
