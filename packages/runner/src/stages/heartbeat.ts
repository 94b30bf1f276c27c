import { isKerutaError } from "@keruta/shared/domain";
import type { Lease, Queue } from "@keruta/shared/queue";
import { ownCancelWishes, unlessUnreachable, type CancelWishes } from "./cancel-wishes.ts";
import type { Timers } from "./timers.ts";

/** A quarter of the lease, so that three may fail before it expires (design section 10). */
const heartbeatInterval = 15_000;
export const leaseDuration = 60_000;

export interface Heartbeat {
  /** Aborts when the attempt is no longer ours. */
  readonly lost: AbortSignal;
  /** Aborts when someone asked for the task to be cancelled. */
  readonly cancelRequested: AbortSignal;
  /** Throws what went wrong besides a queue out of reach. */
  stop(): Promise<void>;
}

export interface HeartbeatOptions {
  readonly queue: Queue;
  readonly lease: Lease;
  readonly timers: Timers;
  /** Milliseconds, of any origin. */
  readonly clock: () => number;
  /** Where the process drives many attempts: what tells all of them. */
  readonly cancelWishes?: CancelWishes | undefined;
}

/**
 * Keeps the lease and listens for a cancel. A queue that cannot be reached, or has no space left, is asked again at the
 * next beat: only its own word, or a lease that ran out while it was silent, takes the attempt away.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { queue, lease, timers, clock, cancelWishes = ownCancelWishes(queue) } = options;
  const lost = new AbortController();
  const cancelRequested = new AbortController();
  let heardAt = clock();

  const renew = async () => {
    try {
      return await queue.renewLease(lease);
    } catch (error) {
      // It answers, and without space it takes no other's claim either.
      if (isKerutaError(error, "KRT_DB_FULL")) heardAt = clock();
      throw error;
    }
  };
  const beat = async () => {
    const outcome = await unlessUnreachable(renew);
    if (outcome?.held) {
      heardAt = clock();
      if (outcome.cancelRequested) cancelRequested.abort();
    } else if (outcome || clock() - heardAt >= leaseDuration) {
      lost.abort();
    }
  };

  let failure: Error | undefined;
  const fail = (error: unknown) => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    lost.abort();
  };
  let beating: Promise<void> = Promise.resolve();
  const stopBeating = timers.every(heartbeatInterval, () => {
    beating = beating.then(beat).catch(fail);
  });
  const wishes = cancelWishes.listen(lease.taskId, {
    wished: () => {
      cancelRequested.abort();
    },
    failed: fail,
  });

  return {
    lost: lost.signal,
    cancelRequested: cancelRequested.signal,
    async stop() {
      stopBeating();
      await Promise.all([beating, wishes.stop()]);
      if (failure) throw failure;
    },
  };
}
