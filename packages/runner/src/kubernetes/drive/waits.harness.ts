/** Time in milliseconds that only waits move: to the next of them where nothing else is to be done. */
export function timeOfWaits(start = 0) {
  let now = start;
  let waits: { readonly at: number; readonly run: () => void }[] = [];
  const runNext = () => {
    const next = waits.reduce((first, wait) => (wait.at < first.at ? wait : first));
    waits = waits.filter((wait) => wait !== next);
    now = Math.max(now, next.at);
    next.run();
  };
  return {
    clock: () => now,
    timers: {
      after: (milliseconds: number, run: () => void) => {
        const wait = { at: now + milliseconds, run };
        waits.push(wait);
        setImmediate(() => {
          if (waits.length > 0) runNext();
        });
        return () => {
          waits = waits.filter((other) => other !== wait);
        };
      },
    },
  };
}

/** Rejects when the signal aborts, as a connection on which nothing comes. */
export function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
