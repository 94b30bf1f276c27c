const firstPause = 1_000;
const longestPause = 60_000;

/** When a thing that failed may be tried again: each time later, until it has succeeded. */
export interface Backoff {
  failed(): void;
  succeeded(): void;
  isDue(): boolean;
}

/** `clock`: milliseconds, of any origin. */
export function createBackoff(clock: () => number): Backoff {
  let pause = firstPause;
  let dueAt = -Infinity;
  return {
    failed() {
      dueAt = clock() + pause;
      pause = Math.min(pause * 2, longestPause);
    },
    succeeded() {
      pause = firstPause;
    },
    isDue: () => clock() >= dueAt,
  };
}
