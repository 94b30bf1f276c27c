import type { AfterFailure } from "@keruta/shared/queue";

/** Wrong passwords that cost nothing: people mistype. */
const free = 5;
const firstLockMilliseconds = 60_000;
const longestLockMilliseconds = 60 * 60_000;

/** What a further wrong password does: after five the door stays shut for a minute, doubled each time, an hour at most. */
export const afterFailure: AfterFailure = (failures, now) => {
  const count = failures + 1;
  if (count < free) return { failures: count, lockedUntil: null };
  const lock = Math.min(firstLockMilliseconds * 2 ** (count - free), longestLockMilliseconds);
  return { failures: count, lockedUntil: new Date(now + lock).toISOString() };
};
