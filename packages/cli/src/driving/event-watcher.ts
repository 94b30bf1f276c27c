import { apiVersion, toLogRecord, type Event, type LogEntry, type Task } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import { untilReaderGone } from "../io/until-reader-gone.ts";
import { writeDocument } from "../output/document.ts";
import type { Watcher } from "./watcher.ts";

/** One event a line (`-o jsonl`): the queue's own of this task, and each log entry as one of type Log. */
export function createEventWatcher(context: Context, queue: Queue): Watcher {
  const stdout = untilReaderGone(context.io.stdout);
  let printed = 0;
  let writing: Promise<void> = Promise.resolve();
  const inOrder = (write: () => Promise<void>) => {
    const done = writing.then(write);
    // Whoever waits for it gets the error; the next one in the queue does its own work all the same.
    writing = done.catch(() => undefined);
    return done;
  };

  const printNew = (taskId: string) =>
    inOrder(async () => {
      for (;;) {
        const events = await queue.readEvents({ after: printed, taskId });
        for (const event of events) await writeDocument(stdout, "jsonl", event);
        const last = events.at(-1);
        if (!last) return;
        printed = last.seq;
      }
    });
  let current: Task | undefined;

  return {
    async attempt(task) {
      current = task;
      await printNew(task.id);
    },
    phase() {
      // What cannot be read now is read with the next, which somebody waits for.
      if (current) printNew(current.id).catch(() => undefined);
    },
    async entries(task, entries) {
      await inOrder(async () => {
        for (const entry of entries) await writeDocument(stdout, "jsonl", logEvent(task, entry));
      });
    },
    notice: () => undefined,
    artifacts: () => undefined,
    async settled(task) {
      await printNew(task.id);
    },
    flush: () => writing,
  };
}

function logEvent(task: Task, entry: LogEntry): Event {
  const { number = 1, jobName = null, podName = null } = task.attempt ?? {};
  const record = toLogRecord({ taskId: task.id, attempt: number, jobName, podName }, entry);
  const { timestamp: time, sequence: seq } = record;
  return {
    apiVersion,
    kind: "Event",
    type: "Log",
    time,
    taskId: task.id,
    attempt: number,
    seq,
    data: { ...record },
  };
}
