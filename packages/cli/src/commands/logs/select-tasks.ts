import type { LabelRequirement, Queue } from "@keruta/shared/queue";
import { resolveTaskIds } from "../../tasks/resolve.ts";

/** The ids of the tasks that are named, else of those that the labels select (none: of all), oldest first. */
export async function selectTasks(
  queue: Queue,
  tasks: readonly string[],
  labels: readonly LabelRequirement[] = [],
): Promise<readonly string[]> {
  if (tasks.length > 0) return await resolveTaskIds(queue, tasks);
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await queue.listTasks({ labels, limit: 500, ...(cursor !== null && { cursor }) });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids.reverse();
}
