import type { TaskJson, TaskListJson, TaskStatus } from "@keruta/shared/domain";
import { api, person } from "../session/session.ts";
import { isToday } from "../time/show-time.ts";

export interface Worker {
  readonly name: string;
  readonly aliveUntil: string;
  readonly attempts: number;
}

export interface Status {
  readonly counts: Readonly<Record<TaskStatus, number>>;
  readonly paused: boolean;
  readonly running: readonly TaskJson[];
  readonly waiting: readonly TaskJson[];
  readonly failedToday: readonly TaskJson[];
  /** It is as long as it may be here: there may be more. */
  readonly isFailedCut: boolean;
  /** null: the caller may not see them. */
  readonly workers: readonly Worker[] | null;
}

/** More than this is the list's business. */
const shownAtMost = 20;
const failedAtMost = 100;

export async function loadStatus(clock: () => number, signal: AbortSignal): Promise<Status> {
  const tasks = async (status: TaskStatus, order: string, limit: number) => {
    const query = { status, order, limit };
    return (await api.json<TaskListJson>({ path: "/tasks", query, signal })).items;
  };
  const seesWorkers = person.peek()?.namespaces === null;
  const [queue, running, waiting, failed, workers] = await Promise.all([
    api.json<Pick<Status, "counts" | "paused">>({ path: "/queue", signal }),
    tasks("IN_PROGRESS", "newest", shownAtMost),
    tasks("PENDING", "priority", shownAtMost),
    tasks("FAILED", "updated", failedAtMost),
    seesWorkers
      ? api.json<{ readonly items: readonly Worker[] }>({ path: "/workers", signal })
      : Promise.resolve(null),
  ]);
  const failedToday = failedOfToday(failed, clock());
  return {
    counts: queue.counts,
    paused: queue.paused,
    running,
    waiting,
    failedToday,
    isFailedCut: failedToday.length === failedAtMost,
    workers: workers?.items ?? null,
  };
}

function failedOfToday(failed: readonly TaskJson[], now: number): readonly TaskJson[] {
  return failed.filter(({ attempt, updatedAt }) => isToday(attempt?.finishedAt ?? updatedAt, now));
}
