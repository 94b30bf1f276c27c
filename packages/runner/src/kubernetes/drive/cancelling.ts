import type { Job, Pod } from "../../cluster/objects.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { stopAttempt } from "./stop-attempt.ts";

/** Milliseconds beyond the command's grace, for the Job's deadline of a second to reach its controller and the kubelet. */
const margin = 15_000;

export interface Cancelling {
  /** Our own stop was sent. */
  readonly isBegun: boolean;
  /** Milliseconds: until when the end of what had not started yet is waited for. */
  readonly until: number | null;
  /** Stops what there is, once someone cancels; true where there is no end of a command to wait for. */
  act(pod: Pod | null, isRunning: boolean): Promise<boolean>;
}

/**
 * A Pod that starts while it is stopped is stopped as one that runs: the command's end and last words are told. One
 * behind its gate is waited for as well: a stalled driver that stored its name may yet remove the gate.
 */
export function createCancelling(deps: ClusterRunnerDeps, job: Job, cancel: AbortSignal): Cancelling {
  let isBegun = false;
  let until: number | null = null;
  return {
    get isBegun() {
      return isBegun;
    },
    get until() {
      return until;
    },
    async act(pod, isRunning) {
      if (cancel.aborted && (!isBegun || (until !== null && isRunning))) {
        isBegun = true;
        await stopAttempt(deps, { job, pod, isMainRunning: isRunning });
        if (!pod) return true;
        until = isRunning ? null : deps.clock() + deps.settings.stopGrace + margin;
      }
      return until !== null && deps.clock() >= until;
    },
  };
}
