import type { Queue } from "@keruta/shared/queue";

/**
 * One look at the store for all who listen. Each listener gets the latest hint when it is ready for it; a slow one
 * misses those between, which said nothing more.
 */
export function shareChanges(queue: Pick<Queue, "changes">): (signal: AbortSignal) => AsyncIterable<void> {
  const listeners = new Set<() => void>();
  let stop: AbortController | undefined;

  const watch = async (signal: AbortSignal) => {
    for await (const _ of queue.changes(signal)) for (const wake of listeners) wake();
  };
  const begin = () => {
    const controller = new AbortController();
    stop = controller;
    const again = () => {
      // The store is away, or watching it failed: whoever looks meets the error itself.
      for (const wake of listeners) wake();
      if (stop === controller) stop = undefined;
    };
    watch(controller.signal).then(again, again);
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
