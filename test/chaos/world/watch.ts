import { setTimeout as pause } from "node:timers/promises";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isTerminal, type Attempt, type Event } from "../../../packages/shared/src/domain/index.ts";
import { filesOf } from "../plan/task-file.ts";
import type { Round } from "./round-state.ts";

export interface Watched {
  /** By `<task id> <attempt>`: as it was when it was first seen to be settled. */
  readonly first: ReadonlyMap<string, Attempt>;
  readonly glimpses: readonly string[];
}

export interface Watching extends Watched {
  /** Resolves when it has seen all that there is. */
  stop(): Promise<void>;
}

const interval = 1000;

/** Notes results as soon as they are there, and whether artifacts that can be seen are whole at once. */
export function watchQueue(round: Round): Watching {
  const first = new Map<string, Attempt>();
  const glimpses: string[] = [];
  const stopping = new AbortController();
  let after = 0;

  const look = async () => {
    for (;;) {
      const events = await round.store.queue.readEvents({ after });
      for (const event of events) {
        if (event.type === "AttemptFinished") await note(event);
        if (event.type === "TaskFinished") over(event.taskId);
      }
      const last = events.at(-1);
      if (!last) return;
      after = last.seq;
    }
  };
  const note = async ({ taskId, attempt }: Event) => {
    const task = await round.store.queue.getTask(taskId);
    const settled = task?.attempts.find(({ number }) => number === attempt);
    if (!settled) return;
    first.set(`${taskId} ${String(attempt)}`, settled);
    const fed = round.tasks.find(({ plan }) => plan.key === task?.title);
    const planned = fed ? filesOf(fed.plan) : [];
    const directory = join(round.arena.artifacts, taskId, String(attempt));
    const listed = await round.store.queue.listArtifacts(taskId, settled.number);
    for (const { path, bytes: whole } of planned) {
      // A command that was stopped leaves less than it would have written.
      const bytes = listed.find((file) => file.path === path)?.bytes ?? whole;
      const there = await lstat(join(directory, path)).catch(() => undefined);
      if (there && there.size !== bytes)
        glimpses.push(
          `${taskId}/${String(attempt)}/${path} had ${String(there.size)} of ${String(bytes)} bytes`,
        );
    }
  };
  const over = (taskId: string) => {
    const fed = round.tasks.find(({ acceptedAs }) => acceptedAs === taskId);
    if (fed) fed.isOver = true;
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      // The database may be away: what was not seen now is seen later.
      await look().catch((error: unknown) => round.note(`the watcher could not look: ${String(error)}`));
      await markOver();
      await pause(interval);
    }
    await look();
  };
  // An id may be told after its task has ended.
  const markOver = async () => {
    for (const fed of round.tasks) {
      if (fed.isOver || fed.acceptedAs === null) continue;
      const task = await round.store.queue.getTask(fed.acceptedAs).catch(() => undefined);
      if (task && isTerminal(task.status)) fed.isOver = true;
    }
  };
  const running = run();
  return {
    first,
    glimpses,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** All files and what else lies below a directory. */
export async function filesBelow(
  directory: string,
): Promise<readonly { readonly path: string; readonly isFile: boolean }[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isFile: entry.isFile() }));
}
