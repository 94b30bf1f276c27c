import { isTerminal, pendingText, withId, type AttemptPhase, type Task } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import type { ShownLog } from "./shown-log.ts";
import type { Watcher } from "./watcher.ts";

export interface FollowStoredOptions {
  readonly context: Context;
  readonly queue: Queue;
  readonly watcher: Watcher;
  readonly log: ShownLog;
  readonly taskId: string;
  readonly stop: AbortSignal;
}

export interface StoredFollower {
  /**
   * Shows what others store of the task, until it has ended, the person wants to stop, or it is worth trying to
   * claim it: a second went by, in which it may have become due or its driver may have died.
   */
  follow(): Promise<void>;
}

/** A driver's death changes nothing in the store, so it must be looked for. */
const lookInterval = 1000;

export function createStoredFollower(options: FollowStoredOptions): StoredFollower {
  const { context, queue, watcher, log, taskId, stop } = options;
  let said = "";
  let phase: AttemptPhase | undefined;

  const tell = (task: Task) => {
    if (task.pending) {
      const text = withId(pendingText(task.pending.blockedBy, task.pending.details), taskId);
      if (said !== text.en)
        watcher.notice({ en: `${taskId} waits. ${text.en}`, ja: `${taskId} は待機中です。${text.ja}` });
      said = text.en;
    } else if (task.attempt && task.attempt.phase !== phase) {
      phase = task.attempt.phase;
      watcher.phase(phase);
    }
  };

  return {
    async follow() {
      const look = new AbortController();
      const stopLooking = context.machine.timers.after(lookInterval, () => {
        look.abort();
      });
      try {
        for await (const _ of queue.changes(AbortSignal.any([stop, look.signal]))) {
          const task = await queue.getTask(taskId);
          if (!task) return;
          tell(task);
          await log.catchUp(task);
          if (isTerminal(task.status)) return;
        }
      } finally {
        stopLooking();
      }
    },
  };
}
