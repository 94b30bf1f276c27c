import { lastSequenceOf, type LogEntry, type Task } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Watcher } from "./watcher.ts";

export interface ShownLog {
  /** Shows what the queue has of the latest attempt and was not shown yet. */
  catchUp(task: Task): Promise<void>;
  /** Shows entries of the latest attempt as they come. */
  show(task: Task, entries: readonly LogEntry[]): Promise<void>;
}

const batchEntries = 500;

/** Shows each entry of each attempt once, whether this process drives it, follows it, or does one after the other. */
export function createShownLog(queue: Queue, watcher: Watcher): ShownLog {
  const lastShown = new Map<number, number>();

  const show = async (task: Task, entries: readonly LogEntry[]) => {
    const attempt = task.attempt?.number ?? 1;
    const before = lastShown.get(attempt) ?? 0;
    const fresh = entries.filter((entry) => lastSequenceOf(entry) > before);
    const last = fresh.at(-1);
    if (!last) return;
    lastShown.set(attempt, lastSequenceOf(last));
    await watcher.entries(task, fresh);
  };

  return {
    show,
    async catchUp(task) {
      if (!task.attempt) return;
      const { number } = task.attempt;
      const afterSequence = lastShown.get(number) ?? 0;
      let batch: LogEntry[] = [];
      for await (const entry of queue.readLog({ taskId: task.id, attempt: number, afterSequence })) {
        batch.push(entry);
        if (batch.length < batchEntries) continue;
        await show(task, batch);
        batch = [];
      }
      await show(task, batch);
    },
  };
}
