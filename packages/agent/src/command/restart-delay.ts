const firstDelay = 10_000;
const longestDelay = 300_000;
/** A command that ran this long begins anew with the first delay, as the kubelet does it. */
const resetAfter = 600_000;

/** Milliseconds to wait before each restart: 10 s, doubled up to 5 min. */
export function createRestartDelay(): (ranMilliseconds: number) => number {
  let next = firstDelay;
  return (ran) => {
    if (ran >= resetAfter) next = firstDelay;
    const delay = next;
    next = Math.min(longestDelay, next * 2);
    return delay;
  };
}
