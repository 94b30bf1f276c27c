import type { TaskSpec, Volume } from "./spec.ts";

/** At most `limit` attempts that hold the key run at once. */
export interface ConcurrencyKey {
  readonly key: string;
  readonly limit: number;
}

/** Where claims lie, as far as it is known; empty parts mean the queue's own default. */
export interface ClaimPlace {
  readonly cluster?: string;
  readonly namespace?: string;
}

/** Begins the keys that keruta makes itself; a user's key may not. */
export const claimKeyPrefix = "pvc:";

/** The user's key, and one for each claim that must have one writer at a time (design section 6). */
export function concurrencyKeysOf(spec: TaskSpec, place: ClaimPlace = {}): readonly ConcurrencyKey[] {
  const keys = new Map<string, ConcurrencyKey>();
  const { key = "", limit = 1 } = spec.concurrency ?? {};
  if (key !== "") keys.set(key, { key, limit });
  const namespace = spec.namespace ?? place.namespace ?? "";
  for (const volume of spec.volumes ?? []) {
    const claim = writtenClaim(volume);
    if (claim === undefined) continue;
    const claimKey = `${claimKeyPrefix}${place.cluster ?? ""}/${namespace}/${claim}`;
    keys.set(claimKey, { key: claimKey, limit: 1 });
  }
  return [...keys.values()];
}

/** A claim without a name is the task's own: nobody else knows it. */
function writtenClaim({ pvc, readOnly }: Volume): string | undefined {
  if (readOnly === true || pvc?.accessMode === "ReadWriteMany" || pvc?.accessMode === "ReadOnlyMany") {
    return undefined;
  }
  return pvc?.claim;
}
