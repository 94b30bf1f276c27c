import { isKerutaError } from "@keruta/shared/domain";
import type { Timers } from "@keruta/runner/stages";
import type { Claim, Queue } from "@keruta/shared/queue";
import { parkingTime } from "./decisions.ts";

/**
 * Attempts that this worker failed to drive. Each keeps its lease for a while and is then handed back: handed back at
 * once it would be claimed again at once, before all that waits, by this worker or the next.
 */
export interface Parking {
  readonly size: number;
  /** Milliseconds that it stays. */
  park(claim: Claim): number;
  /** It came to an end after all. */
  forget(claim: Claim): void;
  /** Hands all back now. */
  clear(): Promise<void>;
}

export interface ParkingOptions {
  readonly queue: Queue;
  readonly timers: Timers;
  readonly random: () => number;
  readonly onRelease: () => void;
}

const remembered = 1000;

export function createParking({ queue, timers, random, onRelease }: ParkingOptions): Parking {
  const failures = new Map<string, number>();
  const parked = new Map<Claim, () => void>();
  const releasing = new Set<Promise<void>>();

  const release = (claim: Claim) => {
    parked.get(claim)?.();
    parked.delete(claim);
    const done = handBack(queue, claim).finally(() => {
      releasing.delete(done);
      onRelease();
    });
    releasing.add(done);
  };

  return {
    get size() {
      return parked.size;
    },
    park(claim) {
      const count = (failures.get(nameOf(claim)) ?? 0) + 1;
      failures.delete(nameOf(claim));
      failures.set(nameOf(claim), count);
      // Some come to their end elsewhere, and are never heard of again.
      for (const oldest of failures.keys()) if (failures.size > remembered) failures.delete(oldest);
      const milliseconds = parkingTime(count, random());
      const stop = timers.after(milliseconds, () => {
        release(claim);
      });
      parked.set(claim, stop);
      return milliseconds;
    },
    forget(claim) {
      failures.delete(nameOf(claim));
    },
    async clear() {
      for (const claim of Array.from(parked.keys())) release(claim);
      await Promise.all(releasing);
    },
  };
}

function nameOf({ lease }: Claim): string {
  return `${lease.taskId}/${String(lease.attempt)}`;
}

/** A queue that is away gives the attempt to the next one when its lease has run out. */
export async function handBack(queue: Queue, { lease }: Claim): Promise<void> {
  try {
    await queue.releaseLease(lease);
  } catch (error) {
    if (!isKerutaError(error)) throw error;
  }
}
