import type { NewTask, Task } from "./task.ts";

/** Stands for the id that a task gets when it is queued, so that the same input gives the same Job. */
const unqueuedId = "dryrunonly";

/** A task as it would run if it were queued now, for a look at its Job. */
export function unqueuedTask(draft: NewTask, createdBy: string, now: string): Task {
  return {
    ...draft,
    id: unqueuedId,
    status: "IN_PROGRESS",
    createdAt: now,
    updatedAt: now,
    createdBy,
    requestId: null,
    cancelRequestedAt: null,
    progress: { percent: null, message: "" },
    pending: null,
    attempt: null,
    attempts: [],
  };
}
