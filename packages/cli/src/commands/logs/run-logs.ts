import { resolve } from "node:path";
import { attemptNotFound, exitCodes } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { interruptible } from "../../context/signals.ts";
import { replaceFile, type PendingFile } from "../../files/replace-file.ts";
import { createLogCursor, type LogCursor } from "./cursor.ts";
import { createJsonPrinter } from "./json-printer.ts";
import type { LogsOptions } from "./logs.ts";
import type { LogPrinter } from "./printer.ts";
import { selectTasks } from "./select-tasks.ts";
import { createTextPrinter } from "./text-printer.ts";

export const logFormats = ["text", "json", "jsonl"] as const;

export async function runLogs(options: LogsOptions): Promise<void> {
  const { context, file } = options;
  const queue = await context.openQueue();
  const ids = await selectTasks(queue, options.tasks, options.selector);
  if (ids.length === 0) await context.notify({ en: "No task matches.", ja: "該当するタスクはありません。" });
  const work = async (signal: AbortSignal) => {
    if (file === undefined) return await printLogs(queue, ids, options, null, signal);
    const path = resolve(context.directory, file);
    await replaceFile(context, path, async (into) => {
      await printLogs(queue, ids, options, into, signal);
      return !signal.aborted;
    });
  };
  // Without --follow and a file there is nothing to end, and a signal may kill the process as it does any other.
  if (!options.follow && file === undefined) return await work(new AbortController().signal);
  const { interrupted } = await interruptible(context.signals, work);
  if (interrupted) context.exitCode = exitCodes.cancelled;
}

async function printLogs(
  queue: Queue,
  ids: readonly string[],
  options: LogsOptions,
  file: PendingFile | null,
  signal: AbortSignal,
): Promise<void> {
  const { attempt, filter, follow } = options;
  const unending = createPrinter(options, ids.length > 1 || options.selector !== undefined, file);
  const printer: LogPrinter = {
    ...unending,
    async print(...entry) {
      if (!signal.aborted) await unending.print(...entry);
    },
  };
  const cursors = ids.map((taskId) => createLogCursor({ queue, taskId, attempt, filter }));
  if (follow) await followAll(queue, cursors, printer, signal);
  else {
    for (const cursor of cursors)
      if (!signal.aborted) await printOnce(options.context, queue, cursor, options, printer);
  }
  await printer.end();
}

async function printOnce(
  context: Context,
  queue: Queue,
  cursor: LogCursor,
  { attempt }: LogsOptions,
  printer: LogPrinter,
): Promise<void> {
  const task = await queue.getTask(cursor.taskId);
  if (task && typeof attempt === "number" && !task.attempts.some(({ number }) => number === attempt)) {
    throw attemptNotFound(task.id, attempt);
  }
  if (task && task.attempts.length === 0) {
    await context.notify({
      en: `${task.id} has no log: it is ${task.status} and was never started.`,
      ja: `${task.id} のログはありません（${task.status}、まだ実行されていません）。`,
    });
    return;
  }
  await cursor.advance(printer);
  const shown =
    typeof attempt === "number" ? task?.attempts.find(({ number }) => number === attempt) : task?.attempt;
  if (task && shown?.log?.removedAt !== undefined) await sayRemoved(context, task.id, shown.log.removedAt);
}

async function sayRemoved({ notify }: Context, id: string, at: string): Promise<void> {
  await notify({
    en: `the log of ${id} was kept for its time and removed at ${at} (setting keruta.logs.retention, spec.retention.logs)`,
    ja: `${id} のログは保存期間を過ぎたため ${at} に削除されました（設定 keruta.logs.retention、spec.retention.logs）`,
  });
}

async function followAll(
  queue: Queue,
  cursors: readonly LogCursor[],
  printer: LogPrinter,
  signal: AbortSignal,
): Promise<void> {
  let open = cursors;
  for await (const _ of queue.changes(signal)) {
    const still: LogCursor[] = [];
    for (const cursor of open) if (!(await cursor.advance(printer))) still.push(cursor);
    open = still;
    await printer.flush();
    if (open.length === 0) return;
  }
}

function createPrinter(
  { context, format, timestamps }: LogsOptions,
  several: boolean,
  file: PendingFile | null,
): LogPrinter {
  const { io, notify } = context;
  const target = file && { isTTY: false, write: file.write };
  if (format !== "text") return createJsonPrinter(target ?? io.stdout, format);
  const [stdout, stderr] = [target ?? io.stdout, target ?? io.stderr];
  return createTextPrinter({ stdout, stderr, showTask: several, showTime: timestamps, notify });
}
