import { taskJson, taskListJson } from "@keruta/shared/domain";
import {
  exitCodeOf,
  exitCodes,
  formatDuration,
  isTerminal,
  KerutaError,
  simpleExitCode,
  type Task,
} from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { interruptible } from "../../context/signals.ts";
import type { Sink } from "../../io/io.ts";
import { untilReaderGone } from "../../io/until-reader-gone.ts";
import { writeDocument } from "../../output/document.ts";
import { getTask, resolveTaskIds } from "../../tasks/resolve.ts";
import { whyTask } from "../../tasks/why.ts";
import type { TaskWaitOptions } from "./wait.ts";

export const waitFormats = ["text", "json", "yaml", "jsonl"] as const;

/** The longest that a timer can be set to: 24 days. */
const maxTimer = 2 ** 31 - 1;

type Stdout = Pick<Sink, "write">;

interface Waiting extends TaskWaitOptions {
  /** Whoever reads may go away before the last result, which the exit code still tells. */
  readonly stdout: Stdout;
}

export async function runTaskWait(options: TaskWaitOptions): Promise<void> {
  const { context, timeout } = options;
  const waiting: Waiting = { ...options, stdout: untilReaderGone(context.io.stdout) };
  const queue = await context.openQueue();
  const ids = await resolveTaskIds(queue, options.tasks);
  const timedOut = new AbortController();
  const timer =
    timeout === undefined ? undefined : setTimeout(() => timedOut.abort(), Math.min(timeout, maxTimer));
  try {
    const { interrupted, value: tasks } = await interruptible(context.signals, async (signal) =>
      waitForAll(queue, ids, waiting, AbortSignal.any([signal, timedOut.signal])),
    );
    const { simpleExitCode: isSimple } = options;
    if (interrupted) context.exitCode = isSimple ? simpleExitCode(exitCodes.cancelled) : exitCodes.cancelled;
    else if (tasks.size < ids.length)
      throw timeoutError(
        timeout ?? 0,
        ids.filter((id) => !tasks.has(id)),
      );
    else
      await conclude(
        waiting,
        ids.flatMap((id) => tasks.get(id) ?? []),
      );
  } finally {
    clearTimeout(timer);
  }
}

/** The tasks that have ended, all of them unless the signal came first. */
async function waitForAll(
  queue: Queue,
  ids: readonly string[],
  { stdout, format }: Waiting,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Task>> {
  const ended = new Map<string, Task>();
  const printEvents = format === "jsonl" ? createEventPrinter(queue, stdout) : async () => {};
  for await (const _ of queue.changes(signal)) {
    for (const id of ids) {
      if (ended.has(id)) continue;
      const task = await getTask(queue, id);
      await printEvents(id);
      if (!isTerminal(task.status)) continue;
      ended.set(id, task);
      if (format === "text") await stdout.write(`${id} ${task.status}\n`);
    }
    if (ended.size === ids.length) break;
  }
  return ended;
}

function createEventPrinter(queue: Queue, stdout: Stdout): (taskId: string) => Promise<void> {
  const positions = new Map<string, number>();
  return async (taskId) => {
    for (;;) {
      const events = await queue.readEvents({ after: positions.get(taskId) ?? 0, taskId });
      for (const event of events) await writeDocument(stdout, "jsonl", event);
      const last = events.at(-1);
      if (!last) return;
      positions.set(taskId, last.seq);
    }
  };
}

async function conclude(options: Waiting, tasks: readonly Task[]): Promise<void> {
  const { context, format, stdout } = options;
  const [first, ...others] = tasks;
  if (!first) return;
  const code =
    others.length === 0
      ? exitCodeOf(first.status, first.attempt)
      : simpleExitCode(tasks.every(({ status }) => status === "COMPLETED") ? 0 : 1);
  context.exitCode = options.simpleExitCode ? simpleExitCode(code) : code;
  if (format === "json" || format === "yaml") {
    const document = others.length === 0 ? taskJson(first) : taskListJson(tasks, null);
    await writeDocument(stdout, format, document);
  }
  for (const task of tasks) if (task.status !== "COMPLETED") await sayWhy(context, task);
}

async function sayWhy(context: Context, task: Task): Promise<void> {
  const { what, remedy } = whyTask(task);
  await context.notify({
    en: `${task.id} ${task.status}: ${what.en}${remedy === null ? "" : ` ${remedy.en}`}`,
    ja: `${task.id} ${task.status}: ${what.ja}${remedy === null ? "" : remedy.ja}`,
  });
}

function timeoutError(timeout: number, ids: readonly string[]): KerutaError {
  const list = ids.join(", ");
  return new KerutaError(
    "KRT_TIMEOUT",
    {
      en: `After ${formatDuration(timeout)} there is no end yet of: ${list}.`,
      ja: `${formatDuration(timeout)} 待っても終わっていません: ${list}。`,
    },
    {
      hint: {
        en: "`keruta why ID` says what each one does now.",
        ja: "`keruta why ID` で今の状態を確認できます。",
      },
      details: { tasks: ids },
    },
  );
}
