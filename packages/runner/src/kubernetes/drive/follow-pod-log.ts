import { isKerutaError, type Control } from "@keruta/shared/domain";
import type { Pod } from "../../cluster/objects.ts";
import { followWire } from "../../follow/follow-wire.ts";
import type { LogKeeper, ReadSpool } from "../../follow/log-keeper.ts";
import { createResumingTracker } from "../../follow/resuming-tracker.ts";
import { answeredStatus, isTransient } from "../../cluster/index.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { pause } from "./pause.ts";
import { createPodLogLines } from "./pod-log-line.ts";
import { createPatience, type Patience } from "./patience.ts";
import { sinceTimeOf } from "./since-time.ts";
import { isPodGone } from "./sidecar-state.ts";

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
/** Answers that there is no such log, of a container that has ended: from a kubelet that starts as well, for some seconds. */
const mostRefusals = 20;
const refusalWait = 500;
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
  let patience: Patience | undefined;
  let [fruitless, refusals] = [0, 0];
  let spoolError: unknown;
  const readSpool: ReadSpool = async function* (after) {
    try {
      yield* options.readSpool(after);
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
      const wire = deps.cluster.readLog(
        {
          pod,
          container,
          follow: !wasEnded,
          timestamps: true,
          ...(sinceTime !== undefined && { sinceTime }),
        },
        stop,
      );
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
      const mayHeal =
        isTransient(error) || isLogNotReady(error) || isKerutaError(error, "KRT_CLUSTER_REFUSED");
      // Whatever the spool says, it says of a hole, which stays open: at the attempt's end it is filled or a gap.
      if (!mayHeal && error !== spoolError) throw error;
      if (!mayHeal) longest = longestSpoolWait;
      tracker.lose(log.position);
      fruitless =
        isKerutaError(error, "KRT_CLUSTER_CUT") && log.position.sequence === before ? fruitless + 1 : 0;
      // The spool is read on from a place, however often it is cut.
      if (wasEnded && fruitless >= mostFruitless) return false;
      if (wasEnded && isLogNotReady(error)) {
        refusals += 1;
        if (refusals > mostRefusals) return false;
        await pause(deps, refusalWait, [stop]);
      } else if (wasEnded) {
        // The kubelet keeps its file as long as there is the Pod.
        const isGone = () => isPodGone(deps.cluster, options.pod);
        patience ??= createPatience(deps, { isGone, lost: stop });
        if (!(await patience.mayAskAgain(error))) return false;
      }
    }
    wait = log.position.sequence > before ? firstWait : Math.min(wait * 2, longest);
    if (!containerEnded.aborted) await pause(deps, wait, [containerEnded, stop]);
  }
  return false;
}

/** The kubelet says 400 or 404 while a container is being made, or when it is gone. */
export function isLogNotReady(error: unknown): boolean {
  const status = isKerutaError(error, "KRT_CLUSTER_REFUSED") ? answeredStatus(error) : undefined;
  return status === 400 || status === 404;
}
