const firstWait = 500;
const longestWait = 30_000;

/** Milliseconds until the next try: twice as long after each failure, and somewhere in its upper half. */
export function backoff(failures: number, random: () => number, most = longestWait): number {
  const wait = Math.min(firstWait * 2 ** Math.min(failures, 16), most);
  return Math.round(wait * (0.5 + random() / 2));
}
