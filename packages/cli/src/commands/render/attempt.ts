import { isTerminal, unqueuedTask, type Task } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { getTask } from "../../tasks/resolve.ts";
import { newTask } from "../submit/new-task.ts";
import type { SubmitSource } from "../submit/source.ts";

export interface RenderedAttempt {
  readonly task: Task;
  readonly attempt: number;
}

/** The attempt that is open, or the one that would be next. */
export async function findAttempt(
  context: Context,
  queue: Queue,
  source: SubmitSource,
): Promise<RenderedAttempt> {
  switch (source.kind) {
    case "next":
      throw usageError(
        {
          en: "There is no task to show: the queue's next one is known only when it is popped.",
          ja: "表示するタスクの指定がありません。キューの次のタスクは、取り出すときに初めて決まります。",
        },
        {
          en: "Give a task id, -f FILE, task flags or -- COMMAND.",
          ja: "タスク ID、-f FILE、タスクのオプション、または -- COMMAND を指定してください。",
        },
      );
    case "task": {
      const task = await getTask(queue, source.task);
      const made = task.attempt?.number ?? 0;
      const isOpen = task.attempt !== null && task.attempt.finishedAt === null && !isTerminal(task.status);
      return { task, attempt: isOpen ? made : made + 1 };
    }
    case "new": {
      const draft = await newTask(context, queue, source);
      const now = new Date(context.clock()).toISOString();
      return { task: unqueuedTask(draft, context.user, now), attempt: 1 };
    }
  }
}
