import { isKerutaError, type Control } from "@keruta/shared/domain";
import type { Pod } from "../../cluster/objects.ts";
import { followWire } from "../../follow/follow-wire.ts";
import type { LogKeeper, ReadSpool } from "../../follow/log-keeper.ts";
import { createResumingTracker } from "../../follow/resuming-tracker.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { pause } from "./pause.ts";
import { createPodLogLines } from "./pod-log-line.ts";
import { logPatience, mayHeal, readPodLog } from "./read-pod-log.ts";
import { sinceTimeOf } from "./since-time.ts";

export interface FollowPodLog {
  readonly pod: Pod;
  readonly container: string;
  readonly log: LogKeeper;
  readonly onControl: (control: Control, time: number) => void;
  readonly readSpool: ReadSpool;
  /** Aborts when the container has ended: what is then still to come is there already. */
  readonly containerEnded: AbortSignal;
  readonly stop: AbortSignal;
}

const firstWait = 200;
const longestWait = 5000;
/** An exec that is forbidden may be allowed later, but not soon. */
const longestSpoolWait = 60_000;
/** Connections in a row that are cut before they bring anything new: a second of output that is longer than they. */
const mostFruitless = 3;
/** `sinceTime` counts in whole seconds, and clocks of a node and its API differ a little. */
const overlap = 2000;

/**
 * Follows the Pod's log to the attempt's last mark, over as many connections as it takes. False where the container
 * has ended and its log as the API has it does not reach the last mark: the rest is in the spool.
 */
export async function followPodLog(deps: ClusterRunnerDeps, options: FollowPodLog): Promise<boolean> {
  const { container, log, containerEnded, stop } = options;
  const pod = options.pod.metadata.name;
  const tracker = createResumingTracker(log.position);
  const openLine = createPodLogLines();
  let wait = firstWait;
  const patience = logPatience(deps, options.pod, stop);
  let fruitless = 0;
  let spoolError: unknown;
  const readSpool: ReadSpool = async function* (after) {
    try {
      return yield* options.readSpool(after);
    } catch (error) {
      if (isKerutaError(error)) spoolError = error;
      throw error;
    }
  };

  while (!stop.aborted) {
    const wasEnded = containerEnded.aborted;
    const before = log.position.sequence;
    let longest = longestWait;
    const sinceTime = log.lastTime === null ? undefined : sinceTimeOf(log.lastTime - overlap);
    try {
      const since = sinceTime === undefined ? {} : { sinceTime };
      const wire = readPodLog(deps, { log: { pod, container, ...since }, containerEnded, stop });
      const ended = await followWire({
        wire,
        tracker,
        log,
        openLine,
        onControl: options.onControl,
        readSpool,
      });
      if (ended) return true;
      if (wasEnded) return false;
    } catch (error) {
      if (stop.aborted) return false;
      const isPassing = mayHeal(error);
      // Whatever the spool says, it says of a hole, which stays open: at the attempt's end it is filled or a gap.
      if (!isPassing && error !== spoolError) throw error;
      if (!isPassing) longest = longestSpoolWait;
      tracker.lose(log.position);
      if (log.position.sequence > before) patience.renew();
      if (wasEnded) {
        const isCut = isKerutaError(error, "KRT_CLUSTER_CUT");
        fruitless = isCut && log.position.sequence === before ? fruitless + 1 : 0;
        // The spool is read on from a place, however often it is cut.
        if (fruitless >= mostFruitless || !(await patience.mayAskAgain(error))) return false;
      }
    }
    wait = log.position.sequence > before ? firstWait : Math.min(wait * 2, longest);
    if (!containerEnded.aborted) await pause(deps, wait, [containerEnded, stop]);
  }
  return false;
}
