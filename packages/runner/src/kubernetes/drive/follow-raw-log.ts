import { isKerutaError, type OutputEntry } from "@keruta/shared/domain";
import { isTransient } from "../../cluster/index.ts";
import { createLineSplitter } from "../../follow/line-splitter.ts";
import type { LogKeeper } from "../../follow/log-keeper.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { isLogNotReady } from "./follow-pod-log.ts";
import { pause } from "./pause.ts";

export interface FollowRawLog {
  readonly pod: string;
  readonly log: LogKeeper;
  readonly containerEnded: AbortSignal;
  readonly stop: AbortSignal;
}

const maxLineBytes = 1 << 20;
const firstWait = 1000;
const longestWait = 5000;
/** Tries after the end that the cluster answers with an error: the node does not give the log and is not going to. */
const triesAfterEnd = 4;
const space = 0x20;

/**
 * Stores the log of a container that runs without the agent as the API gives it: all of it as stdout, its lines cut
 * where the runtime cut them. A connection that was cut goes on after the last stamp: lines of the same stamp are
 * counted, since `sinceTime` has whole seconds only. What the kubelet rotated away meanwhile is gone unseen. False where
 * the node did not give what it has to the end.
 */
export async function followRawLog(deps: ClusterRunnerDeps, options: FollowRawLog): Promise<boolean> {
  const { pod, log, containerEnded, stop } = options;
  let lastStamp = "";
  let seenOfStamp = 0;
  let wait = firstWait;
  let refusals = 0;

  while (!stop.aborted) {
    const wasEnded = containerEnded.aborted;
    let repeats = seenOfStamp;
    const since = lastStamp === "" ? {} : { sinceTime: `${lastStamp.slice(0, 19)}Z` };
    const splitter = createLineSplitter(maxLineBytes);
    const entryOf = (stamp: string, bytes: Uint8Array, newline: boolean, before: number): OutputEntry => {
      const record = { stream: "stdout", bytes, newline } as const;
      const sequence = log.position.sequence + before + 1;
      return { kind: "output", sequence, time: Date.parse(stamp), level: "INFO", ...record };
    };
    try {
      const bytes = deps.cluster.readLog(
        { pod, container: "main", follow: !wasEnded, timestamps: true, ...since },
        stop,
      );
      for await (const chunk of bytes) {
        wait = firstWait;
        const entries: OutputEntry[] = [];
        for (const line of splitter.push(chunk)) {
          const { stamp, text } = stamped(line, lastStamp);
          if (stamp < lastStamp) continue;
          if (stamp === lastStamp && repeats > 0) {
            repeats -= 1;
            continue;
          }
          seenOfStamp = stamp === lastStamp ? seenOfStamp + 1 : 1;
          lastStamp = stamp;
          entries.push(entryOf(stamp, text, true, entries.length));
        }
        await log.store(entries);
        await log.resume(null);
      }
      if (wasEnded) {
        // The last words of a container may have no newline, and are sent only when it has ended.
        const { stamp, text } = stamped(splitter.rest, lastStamp);
        if (text.length > 0) await log.store([entryOf(stamp, text, false, 0)]);
        return true;
      }
    } catch (error) {
      if (stop.aborted) return false;
      if (!isTransient(error) && !isLogNotReady(error)) throw error;
      if (wasEnded && isLogNotReady(error)) return false;
      // An API server that is away comes back, and has the log then.
      if (wasEnded && hasAnswered(error)) refusals += 1;
      if (refusals === triesAfterEnd) {
        deps.observer.notice({
          en: `the log of ${pod} cannot be read to its end: ${(error as Error).message}`,
          ja: `${pod} のログを最後まで読み取れません: ${(error as Error).message}`,
        });
        return false;
      }
    }
    await pause(deps, wait, wasEnded ? [stop] : [containerEnded, stop]);
    wait = Math.min(wait * 2, longestWait);
  }
  return false;
}

function hasAnswered(error: unknown): boolean {
  return isKerutaError(error) && error.details?.["status"] !== undefined;
}

/** RFC 3339 stamps of one node, nanoseconds in UTC, are in order as texts. */
function stamped(line: Uint8Array, otherwise: string): { readonly stamp: string; readonly text: Uint8Array } {
  const end = line.subarray(0, 40).indexOf(space);
  const stamp = end > 0 ? Buffer.from(line.subarray(0, end)).toString("latin1") : "";
  return /^\d{4}-\d\d-\d\dT/.test(stamp)
    ? { stamp, text: line.subarray(end + 1) }
    : { stamp: otherwise, text: line };
}
