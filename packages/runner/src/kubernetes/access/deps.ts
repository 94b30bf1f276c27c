import type { Timers } from "../../stages/timers.ts";

/** The surroundings of the access to a cluster. */
export interface AccessDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timers: Timers;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** A number of [0, 1), for jitter. */
  readonly random: () => number;
  /** Such as `keruta/1.2.3`. */
  readonly userAgent: string;
}
