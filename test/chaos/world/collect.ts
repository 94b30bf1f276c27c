import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join, relative } from "node:path";
import type { Event, LogEntry, Task } from "../../../packages/shared/src/domain/index.ts";
import type { FileOnDisk, SeenAttempt, SeenTask } from "../check/history.ts";
import { readLogFacts } from "../check/read-log.ts";
import { outputOf } from "../plan/task-file.ts";
import type { TaskPlan } from "../plan/task-plan.ts";
import type { Round } from "./round-state.ts";
import { filesBelow, type Watched } from "./watch.ts";

/** All tasks of the queue, with all their attempts. */
export async function allTasks({ store: { queue } }: Round): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  for (let cursor: string | null | undefined = undefined; cursor !== null;) {
    const page = await queue.listTasks({ limit: 500, ...(cursor !== undefined && { cursor }) });
    for (const { id } of page.items) {
      const task = await queue.getTask(id);
      if (task) tasks.push(task);
    }
    cursor = page.nextCursor;
  }
  return tasks;
}

/** What became of each task that was fed. */
export async function collectTasks(
  round: Round,
  watched: Watched,
  all: readonly Task[],
): Promise<readonly SeenTask[]> {
  const seen: SeenTask[] = [];
  for (const { plan, acceptedAs, cancelledAt } of round.tasks) {
    const found = all.filter(({ title }) => title === plan.key);
    const [task] = found;
    seen.push({
      plan,
      acceptedAs,
      cancelledAt,
      found,
      events: task ? await eventsOf(round, task.id) : [],
      attempts: task ? await attemptsOf(round, watched, plan, task) : [],
      starts: round.arena.marker.starts.filter(({ key }) => key === plan.key),
      runs: round.fleet.runs.filter(({ key }) => key === plan.key),
    });
  }
  return seen;
}

async function eventsOf({ store: { queue } }: Round, taskId: string): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (let after = 0; ;) {
    const page = await queue.readEvents({ after, taskId });
    const last = page.at(-1);
    if (!last) return events;
    events.push(...page);
    after = last.seq;
  }
}

async function attemptsOf(
  round: Round,
  watched: Watched,
  plan: TaskPlan,
  task: Task,
): Promise<readonly SeenAttempt[]> {
  const { queue } = round.store;
  const seen: SeenAttempt[] = [];
  for (const attempt of task.attempts) {
    const { number } = attempt;
    const entries: AsyncIterable<LogEntry> = queue.readLog({ taskId: task.id, attempt: number });
    seen.push({
      attempt,
      first: watched.first.get(`${task.id} ${String(number)}`) ?? null,
      log: await readLogFacts(entries, outputOf(plan, number)),
      listed: await queue.listArtifacts(task.id, number),
      files: await filesOnDisk(join(round.arena.artifacts, task.id, String(number))),
    });
  }
  return seen;
}

async function filesOnDisk(directory: string): Promise<readonly FileOnDisk[]> {
  const files: FileOnDisk[] = [];
  for (const { path, isFile } of await filesBelow(directory)) {
    const name = relative(directory, path);
    if (!isFile) {
      files.push({ path: name, kind: "other", bytes: 0, sha256: "" });
      continue;
    }
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const piece of createReadStream(path)) {
      hash.update(piece as Buffer);
      bytes += (piece as Buffer).length;
    }
    files.push({ path: name, kind: "file", bytes, sha256: hash.digest("hex") });
  }
  return files;
}
