/** How one round of list and watch ended. */
export type RoundEnd =
  /** The watch ran for `livedMs`: closed, cut, silent, or told that its version is too old (410). */
  | { readonly how: "watched"; readonly livedMs: number }
  /** The list or the watch was not answered, or with a 5xx or 429. */
  | { readonly how: "failed"; readonly retryAfterMs: number | undefined };

export interface WatchState {
  /** Rounds in a row that came to nothing. */
  readonly failures: number;
}

export interface NextRound {
  readonly state: WatchState;
  readonly afterMs: number;
}

export const firstRound: WatchState = { failures: 0 };

/** A watch that lived this long was a good one; what ends sooner, again and again, must not become a storm. */
const goodLifeMs = 5000;
const firstDelayMs = 250;
const longestDelayMs = 10_000;
const longestRetryAfterMs = 60_000;

/**
 * When the next round begins. Each begins with a list, whatever ended the last one: that is the only state that
 * depends on nothing before it. `random` is of [0, 1).
 */
export function planRound(state: WatchState, end: RoundEnd, random: number): NextRound {
  if (end.how === "watched" && end.livedMs >= goodLifeMs) return { state: firstRound, afterMs: 0 };
  const failures = state.failures + 1;
  const full = Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs);
  const jittered = full * (0.5 + random / 2);
  const asked = end.how === "failed" ? Math.min(end.retryAfterMs ?? 0, longestRetryAfterMs) : 0;
  // Jitter only adds to what the server asks for, so that not all come back at once.
  return { state: { failures }, afterMs: Math.max(jittered, asked === 0 ? 0 : asked * (1 + random / 4)) };
}
