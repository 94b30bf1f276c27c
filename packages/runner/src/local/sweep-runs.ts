import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { AttemptObserver } from "../stages/observer.ts";
import { clearAway } from "./clear-away.ts";
import { parseRunDirectoryName } from "./run-directory.ts";

/** Removes run directories whose attempt is settled or gone: a driver died between settling and cleaning up. */
export async function sweepRuns(
  queue: Pick<Queue, "getTask">,
  runs: string,
  observer: Pick<AttemptObserver, "notice">,
): Promise<void> {
  for (const name of await namesIn(runs)) {
    const run = parseRunDirectoryName(name);
    if (!run) continue;
    const task = await queue.getTask(run.taskId);
    const attempt = task?.attempts.find(({ number }) => number === run.attempt);
    if (!attempt || attempt.finishedAt !== null) await clearAway(join(runs, name), observer);
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}
