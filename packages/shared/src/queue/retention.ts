import type { Retention } from "../domain/retention/expired.ts";

export interface Removed {
  /** Tasks whose log, or whose rows of artifacts, were removed. */
  readonly logs: number;
  readonly artifacts: number;
  readonly tasks: number;
}

export interface RemovalPage {
  /** Where the next page begins; null at the end. */
  readonly next: number | null;
  readonly removed: Removed;
}

/** Removes what is over its time, a bounded piece a call, so that no writer waits for long. */
export interface RetentionStore {
  /** `from`: 0, then `next`. The same call again removes nothing more; so do two that run at once. */
  removeExpired(usual: Retention, from: number): Promise<RemovalPage>;
}
