import type { Task } from "@keruta/shared/domain";

/** `lost`: another driver holds the attempt now; this one may only watch. */
export type DriveOutcome = { readonly kind: "settled"; readonly task: Task } | { readonly kind: "lost" };
