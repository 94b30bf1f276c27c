import type { Task } from "@keruta/shared/domain";
import { KerutaError } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";

/** The ids that references (whole ids, prefixes, `@last`) stand for, each once, in the order given. */
export async function resolveTaskIds(
  queue: Queue,
  references: readonly string[],
): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const reference of references) ids.add(await queue.resolveTaskId(reference));
  return [...ids];
}

export async function getTask(queue: Queue, reference: string): Promise<Task> {
  const id = await queue.resolveTaskId(reference);
  const task = await queue.getTask(id);
  if (task) return task;
  throw new KerutaError(
    "KRT_TASK_NOT_FOUND",
    { en: `There is no task ${id} any more.`, ja: `タスク ${id} はもうありません。` },
    { hint: { en: "`keruta list` shows what there is.", ja: "`keruta list` で一覧を確認してください。" } },
  );
}
