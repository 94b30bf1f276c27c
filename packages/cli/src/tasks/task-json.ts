import { apiVersion, type Task } from "@keruta/shared/domain";

/** A task as `-o json` shows it: the names and their order are public (design section 4). */
export function taskJson(task: Task): Readonly<Record<string, unknown>> {
  const {
    id,
    title,
    description,
    priority,
    status,
    labels,
    spec,
    createdAt,
    updatedAt,
    createdBy,
    requestId,
  } = task;
  const { cancelRequestedAt, progress, pending, attempt, attempts } = task;
  return {
    apiVersion,
    kind: "Task",
    id,
    title,
    description,
    priority,
    status,
    labels,
    spec,
    createdAt,
    updatedAt,
    createdBy,
    requestId,
    cancelRequestedAt,
    progress,
    pending,
    attempt,
    attempts,
  };
}

export function taskListJson(
  items: readonly Task[],
  nextCursor: string | null,
): Readonly<Record<string, unknown>> {
  return { apiVersion, kind: "TaskList", items: items.map(taskJson), nextCursor };
}
