export interface Slots {
  readonly concurrency: number;
  /** Attempts that this worker drives now. */
  readonly live: number;
  /** Attempts that failed here and are held back for a while. */
  readonly parked: number;
  readonly isDraining: boolean;
}

/** How many attempts may be claimed now. Where all that is claimed fails, no more of the queue is taken into it. */
export function claimsWanted({ concurrency, live, parked, isDraining }: Slots): number {
  if (isDraining || parked >= Math.max(concurrency, 2)) return 0;
  return Math.max(0, concurrency - live);
}

const firstBackOff = 500;
const longestBackOff = 30_000;

/** Milliseconds until what failed so often in a row is tried again; `random` is of [0, 1). */
export function backOff(failures: number, random: number): number {
  const full = Math.min(firstBackOff * 2 ** (failures - 1), longestBackOff);
  return Math.round(full * (0.5 + random / 2));
}

const firstHintPause = 20;
const longestHintPause = 1000;

/**
 * Milliseconds after a look in vain until a hint of the queue counts again. Every commit of every attempt is a hint,
 * and hardly any of them is a task that may run: the more looks in a row found nothing, the longer.
 */
export function hintPause(looksInVain: number): number {
  return Math.min(firstHintPause * 2 ** Math.max(0, looksInVain - 1), longestHintPause);
}

/** What time alone lets run, a task that falls due or a lease that runs out, is found at the latest after this. */
const longestSleep = 5000;

/** Milliseconds until the next look though nothing happens. */
export function sleepUntil(due: number | null, now: number): number {
  return due === null ? longestSleep : Math.min(longestSleep, Math.max(0, due - now));
}

const firstParking = 5000;
/** Below a lease, less the interval of its heartbeat: until then it is still this worker's to hand back. */
const longestParking = 40_000;

/** Milliseconds that an attempt is held back which failed here so often. */
export function parkingTime(failures: number, random: number): number {
  return Math.round(Math.min(firstParking * 2 ** (failures - 1), longestParking) * (0.75 + random / 4));
}
