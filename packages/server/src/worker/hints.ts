import { isKerutaError } from "@keruta/shared/domain";
import type { Timers } from "@keruta/runner/stages";
import type { Queue } from "@keruta/shared/queue";

const pauseAfterEnd = 5000;

/** Calls `hint` whenever the queue may have changed. A source that breaks is opened again: hints only save waiting. */
export function listenForHints(queue: Queue, timers: Timers, hint: () => void): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const { signal } = stopped;
  const listen = async () => {
    while (!signal.aborted) {
      try {
        for await (const _ of queue.changes(signal)) hint();
      } catch (error) {
        if (!isKerutaError(error)) throw error;
      }
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        const stop = timers.after(pauseAfterEnd, resolve);
        const end = () => {
          stop();
          resolve();
        };
        signal.addEventListener("abort", end, { once: true });
      });
    }
  };
  const ended = listen();
  // Thrown by `stop`; until then it is not unhandled.
  ended.catch(() => undefined);
  return {
    async stop() {
      stopped.abort();
      await ended;
    },
  };
}
