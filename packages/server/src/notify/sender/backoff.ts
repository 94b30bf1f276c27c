const first = 5000;
const longest = 15 * 60_000;

/**
 * Milliseconds to the next try after so many: doubling, spread by half so that servers which failed together do not
 * come back together, and never sooner than the other side asked for. `spread`: 0 to 1.
 */
export function retryDelay(tries: number, retryAfter: number | null, spread: number): number {
  const full = Math.min(longest, first * 2 ** Math.max(0, tries - 1));
  return Math.max(retryAfter ?? 0, full / 2 + (full / 2) * spread);
}
