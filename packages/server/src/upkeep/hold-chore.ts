import type { ChoreLeases } from "@keruta/shared/queue";

export interface HoldChoreOptions {
  readonly leases: ChoreLeases;
  readonly name: string;
  /** Of this process, and nobody else's. */
  readonly owner: string;
  readonly timers: { every(milliseconds: number, act: () => void): () => void };
  readonly signal: AbortSignal;
}

const leaseMilliseconds = 60_000;
const renewMilliseconds = 15_000;

/** Does something that one process of many does at a time; undefined where another has it. */
export async function holdChore<T>(
  { leases, name, owner, timers, signal }: HoldChoreOptions,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  if (!(await leases.acquireChore(name, owner, leaseMilliseconds))) return undefined;
  const lost = new AbortController();
  const lose = () => {
    lost.abort();
  };
  const stop = timers.every(renewMilliseconds, () => {
    leases.acquireChore(name, owner, leaseMilliseconds).then((isHeld) => {
      if (!isHeld) lose();
    }, lose);
  });
  try {
    return await run(AbortSignal.any([signal, lost.signal]));
  } finally {
    stop();
    await leases.releaseChore(name, owner);
  }
}
