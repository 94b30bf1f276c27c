import type { TaskSpec, Volume } from "./spec.ts";

/** At most `limit` attempts that hold the key run at once. */
export interface ConcurrencyKey {
  readonly key: string;
  readonly limit: number;
}

/** Begins the keys that keruta makes itself; a user's key may not. */
const claimKeyPrefix = "pvc:";

/** Stand in a claim's key for what only the driver knows: which cluster it is on, and its default namespace. */
export const placeMarks = { cluster: "{cluster}", namespace: "{namespace}" } as const;

export function userKeyOf({ concurrency }: TaskSpec): ConcurrencyKey | undefined {
  const { key = "", limit = 1 } = concurrency ?? {};
  return key === "" ? undefined : { key, limit };
}

/** The user's key, and one for each claim that must have one writer at a time (design section 6). */
export function concurrencyKeysOf(spec: TaskSpec): readonly ConcurrencyKey[] {
  const keys = new Map<string, ConcurrencyKey>();
  const own = userKeyOf(spec);
  if (own) keys.set(own.key, own);
  const namespace =
    spec.namespace === undefined || spec.namespace === "" ? placeMarks.namespace : spec.namespace;
  for (const volume of spec.volumes ?? []) {
    const claim = writtenClaim(volume);
    if (claim === undefined) continue;
    const key = `${claimKeyPrefix}${placeMarks.cluster}/${namespace}/${claim}`;
    keys.set(key, { key, limit: 1 });
  }
  return [...keys.values()];
}

export interface ClaimInUse {
  /** Empty where the task leaves it to its driver. */
  readonly namespace: string;
  readonly claim: string;
}

/** What a key stands for where it is one of keruta's own. */
export function claimOfKey(key: string): ClaimInUse | undefined {
  if (!key.startsWith(claimKeyPrefix)) return undefined;
  const [namespace = "", claim = ""] = key.slice(claimKeyPrefix.length).split("/").slice(1);
  return { namespace: namespace === placeMarks.namespace ? "" : namespace, claim };
}

/** A claim without a name is the task's own: nobody else knows it. */
function writtenClaim({ pvc, readOnly }: Volume): string | undefined {
  if (readOnly === true || pvc?.accessMode === "ReadWriteMany" || pvc?.accessMode === "ReadOnlyMany") {
    return undefined;
  }
  return pvc?.claim;
}
