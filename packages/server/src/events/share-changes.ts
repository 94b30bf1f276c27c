import { setTimeout as sleep } from "node:timers/promises";
import type { Queue } from "@keruta/shared/queue";

const firstPause = 250;
const longestPause = 15_000;

/** Resolves after so many milliseconds, or when the signal aborts. */
type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

const pauseUnlessAborted: Pause = async (milliseconds, signal) => {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
};

/**
 * One look at the store for all who listen. Each listener gets the latest hint when it is ready for it; a slow one
 * misses those between, which said nothing more. A store that cannot be watched is tried again, after pauses that grow
 * up to 15 s; each try is a hint, so that what may be read is read meanwhile.
 */
export function shareChanges(
  queue: Pick<Queue, "changes">,
  pause = pauseUnlessAborted,
): (signal: AbortSignal) => AsyncIterable<void> {
  const listeners = new Set<() => void>();
  let stop: AbortController | undefined;

  const wakeAll = () => {
    for (const wake of listeners) wake();
  };
  const watch = async (signal: AbortSignal) => {
    for (let failures = 0; !signal.aborted; failures += 1) {
      let hints = 0;
      try {
        for await (const _ of queue.changes(signal)) {
          hints += 1;
          wakeAll();
        }
      } catch {
        // The store is away, or watching it failed: whoever looks meets the error itself.
      }
      // The first hint comes of every try, also of one that fails then.
      if (hints > 1) failures = 0;
      if (signal.aborted) return;
      wakeAll();
      await pause(Math.min(firstPause * 2 ** failures, longestPause), signal);
    }
  };
  const begin = () => {
    stop = new AbortController();
    void watch(stop.signal);
  };

  return async function* changes(signal) {
    let hinted = true;
    let wake: (() => void) | undefined;
    const listener = () => {
      hinted = true;
      wake?.();
    };
    listeners.add(listener);
    signal.addEventListener("abort", listener);
    try {
      while (!signal.aborted) {
        if (!stop) begin();
        if (!hinted) await new Promise<void>((resolve) => (wake = resolve));
        wake = undefined;
        hinted = false;
        if (!signal.aborted) yield;
      }
    } finally {
      signal.removeEventListener("abort", listener);
      listeners.delete(listener);
      if (listeners.size === 0) {
        stop?.abort();
        stop = undefined;
      }
    }
  };
}
