import { followWire } from "../../follow/follow-wire.ts";
import type { LogKeeper, ReadSpool } from "../../follow/log-keeper.ts";
import { createResumingTracker } from "../../follow/resuming-tracker.ts";
import type { Control } from "@keruta/shared/domain";
import { isTransient } from "../../cluster/index.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { pause } from "./pause.ts";
import { createPodLogLines } from "./pod-log-line.ts";

export interface FollowPodLog {
  readonly pod: string;
  readonly container: string;
  readonly log: LogKeeper;
  readonly onControl: (control: Control, time: number) => void;
  readonly readSpool: ReadSpool;
  /** True where the container was seen to start just now, so that its log begins with the first record. */
  readonly fromStart: boolean;
  /** Aborts when the container has ended: what is then still to come is there already. */
  readonly containerEnded: AbortSignal;
  readonly stop: AbortSignal;
}

const firstWait = 200;
const longestWait = 5000;
/** `sinceTime` counts in whole seconds, and clocks of a node and its API differ a little. */
const overlap = 2000;

/**
 * Follows the Pod's log to the attempt's last mark, over as many connections as it takes. False where the container
 * has ended and its log as the API has it does not reach the last mark: the rest is in the spool.
 */
export async function followPodLog(deps: ClusterRunnerDeps, options: FollowPodLog): Promise<boolean> {
  const { pod, container, log, fromStart, containerEnded, stop } = options;
  const tracker = createResumingTracker({ position: log.position, fromStart });
  const openLine = createPodLogLines();
  let wait = firstWait;

  for (let round = 0; !stop.aborted; round += 1) {
    const wasEnded = containerEnded.aborted;
    const before = log.position.sequence;
    const sinceTime = log.lastTime === null ? undefined : wholeSeconds(log.lastTime - overlap);
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
        readSpool: options.readSpool,
      });
      if (ended) return true;
      if (wasEnded) return false;
    } catch (error) {
      if (stop.aborted) return false;
      if (!isTransient(error) && !isLogNotReady(error)) throw error;
      tracker.lose(log.position);
      if (wasEnded && round > 20) return false;
    }
    wait = log.position.sequence > before ? firstWait : Math.min(wait * 2, longestWait);
    if (!containerEnded.aborted) await pause(deps, wait, [containerEnded, stop]);
  }
  return false;
}

function wholeSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The kubelet says 400 or 404 while a container is being made, or when it is gone. */
export function isLogNotReady(error: unknown): boolean {
  const status = (error as { details?: { status?: unknown } }).details?.status;
  return status === 400 || status === 404;
}
