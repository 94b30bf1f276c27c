/** Time that only waits move, in milliseconds. */
export function timeOfWaits(start = 0) {
  let now = start;
  return {
    clock: () => now,
    timers: {
      after: (milliseconds: number, run: () => void) => {
        now += milliseconds;
        queueMicrotask(run);
        return () => undefined;
      },
    },
  };
}
