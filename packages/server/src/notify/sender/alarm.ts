import { setTimeout as pause } from "node:timers/promises";

export interface Alarm {
  readonly wake: () => void;
  /** Sleeps `least` milliseconds, and then until it is woken or `most` are over; what woke it meanwhile counts. */
  readonly sleep: (least: number, most: number) => Promise<void>;
}

export function createAlarm(stopping: AbortSignal): Alarm {
  let woken = Promise.withResolvers<undefined>();
  const quietly = (milliseconds: number, signal: AbortSignal) =>
    pause(Math.max(0, milliseconds), undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  return {
    wake: () => {
      woken.resolve(undefined);
    },
    async sleep(least, most) {
      await quietly(least, stopping);
      const over = new AbortController();
      await Promise.race([woken.promise, quietly(most - least, AbortSignal.any([stopping, over.signal]))]);
      over.abort();
      woken = Promise.withResolvers<undefined>();
    },
  };
}
