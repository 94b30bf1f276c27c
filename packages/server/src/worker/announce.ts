import { isKerutaError } from "@keruta/shared/domain";
import type { Timers } from "@keruta/runner/stages";
import type { Holder, Queue } from "@keruta/shared/queue";

/** A third of the time that one announcement counts. */
const interval = 20_000;

/** Keeps this worker known as alive; `stop` withdraws it. */
export function startAnnouncing(queue: Queue, holder: Holder, timers: Timers): { stop(): Promise<void> } {
  // The queue's outage shows in the next claim, and is told there.
  const announce = () => unlessAway(() => queue.announceDriver(holder));
  let last = announce();
  const stopTimer = timers.every(interval, () => {
    last = last.then(announce);
    // Thrown by `stop`; until then it is not unhandled.
    last.catch(() => undefined);
  });
  return {
    async stop() {
      stopTimer();
      await last;
      await unlessAway(() => queue.withdrawDriver(holder));
    },
  };
}

async function unlessAway(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!isKerutaError(error)) throw error;
  }
}
