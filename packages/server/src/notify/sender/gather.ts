import { addressNotices, type LogNotice, type NoticeLevel, type NotifiedRecord } from "@keruta/shared/domain";
import type { DueTask, NotifyStore, Queue } from "@keruta/shared/queue";
import type { ServerLog } from "../../deps/env.ts";
import { configuredChannels, type NotifyConfig } from "../config.ts";
import { composeMessage } from "./compose-message.ts";
import { quoteLog } from "./quote-log.ts";

export interface GatherDeps {
  readonly store: NotifyStore;
  readonly queue: Pick<Queue, "getTask" | "readLog">;
  readonly log: ServerLog;
}

/** Turns the notices that are due into deliveries, a task after the other. */
export async function gatherDue(deps: GatherDeps, config: NotifyConfig, signal: AbortSignal): Promise<void> {
  for (let from: number | null = 0; from !== null && !signal.aborted;) {
    const page = await deps.store.listDue(config.groupWindow, from);
    for (const task of page.tasks) {
      try {
        await gather(deps, config, task);
      } catch (error) {
        // What is wrong with one task keeps nobody from hearing of the others; it is tried again the next time.
        deps.log.error({ taskId: task.taskId, error: String(error) }, "a task was not told of");
      }
    }
    from = page.next;
  }
}

async function gather(deps: GatherDeps, config: NotifyConfig, due: DueTask): Promise<void> {
  const { store, queue } = deps;
  const { taskId } = due;
  const task = await queue.getTask(taskId);
  const configured = configuredChannels(config);
  const address = (notices: DueTask["notices"]) =>
    addressNotices(config.rules, configured, task?.labels ?? {}, notices);
  const quotes = await readQuotes(
    deps,
    config,
    due,
    address(due.notices).map(({ level }) => level),
  );
  // By then there may be more of them; what was quoted are the first ones either way.
  await store.takeNotices(taskId, (notices) =>
    address(notices).map(({ channel, notices: own, level }) => ({
      channel,
      message: composeMessage(
        { taskId, task, notices: own, level },
        (notice, of) => quotes.get(keyOf(notice, of)) ?? [],
      ),
    })),
  );
}

async function readQuotes(
  { queue, log }: GatherDeps,
  { logLines }: NotifyConfig,
  { taskId, notices }: DueTask,
  levels: readonly (NoticeLevel | null)[],
): Promise<ReadonlyMap<string, readonly NotifiedRecord[]>> {
  const quotes = new Map<string, readonly NotifiedRecord[]>();
  for (const notice of notices) {
    if (notice.kind !== "log") continue;
    for (const level of new Set(levels)) {
      if (level === null) continue;
      try {
        quotes.set(keyOf(notice, level), await quoteLog(queue, taskId, notice, level, logLines));
      } catch (error) {
        // That there were errors is told all the same.
        log.warn({ taskId, error: String(error) }, "a log that is told of cannot be read");
      }
    }
  }
  return quotes;
}

function keyOf({ attempt }: LogNotice, level: NoticeLevel): string {
  return `${String(attempt)} ${level}`;
}
