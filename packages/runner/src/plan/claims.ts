import { claimNameOf, type Volume } from "@keruta/shared/domain";
import { claimMetadata } from "./labels.ts";
import type { ClaimManifest } from "./manifest.ts";
import { prepare, type PlanInput, type Planning } from "./planning.ts";

/** A claim to be made before the Job where there is none of its name yet. */
export interface PlannedClaim {
  readonly manifest: ClaimManifest;
  /** No other task knows its name. */
  readonly isOwn: boolean;
  /** Removed at the task's end: a claim that a task names, or wants retained, stays. */
  readonly removedAtEnd: boolean;
}

/** The claims of the task's volumes that have a size. Errors as of `planJob`. */
export function planClaims(input: PlanInput): readonly PlannedClaim[] {
  const planning = prepare(input);
  return (planning.own.volumes ?? []).flatMap((volume) => planClaim(planning, volume) ?? []);
}

function planClaim(planning: Planning, { name, pvc }: Volume): PlannedClaim | undefined {
  if (pvc?.size === undefined) return undefined;
  const { claim, size, accessMode = "ReadWriteOnce", storageClass, retain = false } = pvc;
  const isOwn = claim === undefined;
  const removedAtEnd = isOwn && !retain;
  return {
    isOwn,
    removedAtEnd,
    manifest: {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name: claim ?? claimNameOf(planning.task.id, name),
        namespace: planning.spec.namespace,
        ...claimMetadata(planning, removedAtEnd),
      },
      spec: {
        accessModes: [accessMode],
        ...(storageClass !== undefined && { storageClassName: storageClass }),
        resources: { requests: { storage: size } },
      },
    },
  };
}
