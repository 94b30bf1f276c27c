import { attemptNotFound, type Attempt, type Task } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import { getTask } from "../../tasks/resolve.ts";

/** The attempt whose artifacts are meant: the wanted one, else the latest that has some, else the latest. */
export async function chooseAttempt(
  queue: Queue,
  reference: string,
  wanted: number | undefined,
): Promise<{ readonly task: Task; readonly attempt: Attempt | null }> {
  const task = await getTask(queue, reference);
  if (wanted === undefined) {
    const collected = task.attempts.findLast(({ artifacts }) => artifacts !== null && artifacts.files > 0);
    return { task, attempt: collected ?? task.attempt };
  }
  const attempt = task.attempts.find(({ number }) => number === wanted);
  if (attempt) return { task, attempt };
  throw attemptNotFound(task.id, wanted);
}
