import type { Job, Pod } from "../../cluster/objects.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { deletePod, stopAttempt } from "./stop-attempt.ts";

/** Milliseconds beyond the command's grace, for the Job's deadline of a second to reach its controller and the kubelet. */
const margin = 15_000;

export interface Cancelling {
  /** Our own stop was sent, or may have been. */
  readonly isBegun: boolean;
  /** Milliseconds: until when the end is waited for. */
  readonly until: number | null;
  /**
   * Stops what there is, once someone cancels; true where there is no end of a command to wait for. May be called again
   * after an error.
   */
  act(pod: Pod | null, isRunning: boolean): Promise<boolean>;
}

/**
 * A Pod that starts while it is stopped is stopped as one that runs: the command's end and last words are told. One
 * behind its gate is waited for as well: a stalled driver that stored its name may yet remove the gate. A command that
 * is still there when its agent should have killed it goes with its Pod: nothing in a Pod is trusted to end it.
 */
export function createCancelling(deps: ClusterRunnerDeps, job: Job, cancel: AbortSignal): Cancelling {
  let isBegun = false;
  let stopped: "nothing" | "start" | "command" | "Pod" = "nothing";
  let until: number | null = null;
  const isOver = () => until !== null && deps.clock() >= until;
  return {
    get isBegun() {
      return isBegun;
    },
    get until() {
      return until;
    },
    async act(pod, isRunning) {
      if (!cancel.aborted) return false;
      if (stopped === "nothing" || (stopped === "start" && isRunning)) {
        isBegun = true;
        await stopAttempt(deps, { job, pod, isMainRunning: isRunning });
        if (!pod) return true;
        stopped = isRunning ? "command" : "start";
        until = deps.clock() + deps.settings.stopGrace + margin;
      }
      if (stopped === "command" && pod && isOver()) {
        await deletePod(deps, pod);
        stopped = "Pod";
        // A Pod that stays is given up by its own deletion's time.
        until = null;
      }
      return isOver();
    },
  };
}
