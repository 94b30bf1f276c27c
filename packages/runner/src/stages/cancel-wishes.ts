import { isKerutaError } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";

/** Tells a driver that somebody asked for a task to be cancelled. */
export interface CancelWishes {
  /** `stop` resolves when nothing of it runs any more. */
  listen(taskId: string, listener: CancelListener): { stop(): Promise<void> };
}

export interface CancelListener {
  wished(): void;
  /** What is no queue out of reach. */
  failed(error: unknown): void;
}

/** Looks at the task whenever the queue may have changed: for a driver of one attempt. */
export function ownCancelWishes(queue: Queue): CancelWishes {
  return {
    listen(taskId, listener) {
      const stopped = new AbortController();
      const listen = async () => {
        for await (const _ of queue.changes(stopped.signal)) {
          const task = await unlessUnreachable(() => queue.getTask(taskId));
          if (task?.cancelRequestedAt != null) listener.wished();
        }
      };
      const listening = listen().catch((error: unknown) => {
        listener.failed(error);
      });
      return {
        async stop() {
          stopped.abort();
          await listening;
        },
      };
    },
  };
}

/** What a queue cannot say now is asked again later. */
export async function unlessUnreachable<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isKerutaError(error)) return undefined;
    throw error;
  }
}
