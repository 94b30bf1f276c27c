import { isTerminal, type NewTask, type Task } from "@keruta/shared/domain";
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

/** Stands for the id that a task gets when it is queued, so that the same input gives the same Job. */
const unqueuedId = "dryrunonly";

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
    case "new":
      return { task: unqueued(context, await newTask(context, queue, source)), attempt: 1 };
  }
}

function unqueued({ clock, user }: Context, draft: NewTask): Task {
  const now = new Date(clock()).toISOString();
  return {
    ...draft,
    id: unqueuedId,
    status: "IN_PROGRESS",
    createdAt: now,
    updatedAt: now,
    createdBy: user,
    requestId: null,
    cancelRequestedAt: null,
    progress: { percent: null, message: "" },
    pending: null,
    attempt: null,
    attempts: [],
  };
}
