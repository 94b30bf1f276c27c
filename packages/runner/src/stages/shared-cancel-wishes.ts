import type { Queue } from "@keruta/shared/queue";
import { unlessUnreachable, type CancelListener, type CancelWishes } from "./cancel-wishes.ts";
import type { Timers } from "./timers.ts";

/** Between two looks: every commit of every attempt is a hint. */
const pauseMilliseconds = 100;
const fullPage = 1000;

/**
 * One reader of the queue's events for all attempts of a process. Each attempt looking at its own task after each
 * change would cost a read per attempt for every write of every other.
 */
export function sharedCancelWishes(queue: Queue, timers: Timers): CancelWishes {
  const listeners = new Map<string, Set<CancelListener>>();
  let reading: { readonly stopped: AbortController; readonly ended: Promise<void> } | undefined;

  const wished = (taskId: string) => {
    for (const listener of listeners.get(taskId) ?? []) listener.wished();
  };
  const read = async (firstTask: string, stop: AbortSignal) => {
    let seen: number | undefined;
    for await (const _ of queue.changes(stop)) {
      await unlessUnreachable(async () => {
        seen ??= await startOf(queue, firstTask);
        for (;;) {
          const events = await queue.readEvents({ after: seen });
          for (const { type, taskId } of events) if (type === "TaskCancelRequested") wished(taskId);
          seen = events.at(-1)?.seq ?? seen;
          if (events.length < fullPage) return;
        }
      });
      await pause(timers, stop);
    }
  };
  const start = (firstTask: string) => {
    const stopped = new AbortController();
    const ended = read(firstTask, stopped.signal).catch((error: unknown) => {
      for (const each of listeners.values()) for (const listener of each) listener.failed(error);
    });
    return { stopped, ended };
  };

  return {
    listen(taskId, listener) {
      const own = listeners.get(taskId) ?? new Set();
      listeners.set(taskId, own.add(listener));
      reading ??= start(taskId);
      // A wish that is older than this listener is in no event that is still to be read.
      const looked = unlessUnreachable(async () => {
        const task = await queue.getTask(taskId);
        if (task?.cancelRequestedAt != null) listener.wished();
      }).catch((error: unknown) => {
        listener.failed(error);
      });
      return {
        async stop() {
          own.delete(listener);
          if (own.size === 0) listeners.delete(taskId);
          await looked;
          if (listeners.size > 0 || !reading) return;
          const { stopped, ended } = reading;
          reading = undefined;
          stopped.abort();
          await ended;
        },
      };
    },
  };
}

/** Events of before the attempt tell nothing, and may be many. */
async function startOf(queue: Queue, taskId: string): Promise<number> {
  const events = await queue.readEvents({ after: 0, taskId });
  const isStart = (type: string) => type === "AttemptStarted" || type === "AttemptTakenOver";
  return events.findLast(({ type }) => isStart(type))?.seq ?? 0;
}

async function pause(timers: Timers, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      cancel();
      stop.removeEventListener("abort", end);
      resolve();
    };
    const cancel = timers.after(pauseMilliseconds, end);
    stop.addEventListener("abort", end);
  });
}
