import type { Lease, Queue } from "@keruta/shared/queue";
import { isKerutaError } from "@keruta/shared/domain";
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
}

/**
 * Keeps the lease and listens for a cancel. A queue that cannot be reached is asked again at the next beat:
 * only its own word, or a lease that ran out unrenewed, takes the attempt away.
 */
export function startHeartbeat({ queue, lease, timers, clock }: HeartbeatOptions): Heartbeat {
  const lost = new AbortController();
  const cancelRequested = new AbortController();
  const stopped = new AbortController();
  let renewedAt = clock();

  const beat = async () => {
    const outcome = await unlessUnreachable(() => queue.renewLease(lease));
    if (outcome?.held) {
      renewedAt = clock();
      if (outcome.cancelRequested) cancelRequested.abort();
    } else if (outcome || clock() - renewedAt >= leaseDuration) {
      lost.abort();
    }
  };
  const listen = async () => {
    for await (const _ of queue.changes(stopped.signal)) {
      const task = await unlessUnreachable(() => queue.getTask(lease.taskId));
      if (task?.cancelRequestedAt != null) cancelRequested.abort();
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
  const listening = listen().catch(fail);

  return {
    lost: lost.signal,
    cancelRequested: cancelRequested.signal,
    async stop() {
      stopBeating();
      stopped.abort();
      await Promise.all([beating, listening]);
      if (failure) throw failure;
    },
  };
}

async function unlessUnreachable<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isKerutaError(error)) return undefined;
    throw error;
  }
}
