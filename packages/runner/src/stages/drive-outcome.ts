import type { Task } from "@keruta/shared/domain";

/**
 * `lost`: another driver holds the attempt now. `left`: it was handed back and goes on without a driver. In both
 * this process may only watch.
 */
export type DriveOutcome =
  | { readonly kind: "settled"; readonly task: Task }
  | { readonly kind: "lost" }
  | { readonly kind: "left" };
