import type { KerutaError } from "@keruta/shared/domain";
import type { ClusterRunnerDeps } from "./deps.ts";

export interface Outage {
  /** Milliseconds; null while there is nothing to tell. */
  readonly tellAt: number | null;
  look(interruption: KerutaError | null): void;
}

/** Milliseconds: an API server that restarts behind a load balancer is away for less. */
const unnoticed = 5000;

/** Tells once that the cluster has not answered for a while, and once that it answers again. */
export function createOutage({ clock, observer }: Pick<ClusterRunnerDeps, "clock" | "observer">): Outage {
  let since: number | null = null;
  let isTold = false;
  return {
    get tellAt() {
      return since === null || isTold ? null : since + unnoticed;
    },
    look(interruption) {
      if (interruption === null) {
        since = null;
        if (isTold) observer.outage(null);
        isTold = false;
        return;
      }
      since ??= clock();
      if (isTold || clock() < since + unnoticed) return;
      isTold = true;
      observer.outage(interruption);
    },
  };
}
