import { apiVersion, type Task } from "./task.ts";

/** A task as the API and `-o json` give it: the names and their order are public (design section 4). */
export interface TaskJson extends Task {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "Task";
}

export interface TaskListJson {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "TaskList";
  readonly items: readonly TaskJson[];
  readonly nextCursor: string | null;
  /** Where it was asked for: of all pages together. */
  readonly total?: number;
}

export function taskJson(task: Task): TaskJson {
  const { id, title, description, priority, status, labels, spec } = task;
  const { createdAt, updatedAt, createdBy, requestId } = task;
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
  total?: number,
): TaskListJson {
  return {
    apiVersion,
    kind: "TaskList",
    items: items.map(taskJson),
    nextCursor,
    ...(total !== undefined && { total }),
  };
}
