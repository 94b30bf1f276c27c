import { isKerutaError, type KerutaError } from "@keruta/shared/domain";
import type { LogArchiveStore } from "@keruta/shared/queue";

export interface ReclaimSpaceOptions {
  readonly store: Pick<LogArchiveStore, "reclaim">;
  readonly signal: AbortSignal;
  readonly warn: (error: KerutaError) => void;
}

/** What was removed stays removed where its space could not be given back: the next time gives back both. */
export async function reclaimSpace({ store, signal, warn }: ReclaimSpaceOptions): Promise<void> {
  try {
    await store.reclaim(signal);
  } catch (error) {
    if (!isKerutaError(error)) throw error;
    warn(error);
  }
}
