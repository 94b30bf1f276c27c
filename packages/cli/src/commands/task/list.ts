import type { Command } from "commander";
import {
  parseLabelSelector,
  taskStatuses,
  type Task,
  type TaskStatus,
  taskJson,
  taskListJson,
} from "@keruta/shared/domain";
import type { Queue, TaskFilter } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { choiceListValue, integerValue } from "../../command-line/values.ts";
import { taskTable } from "../../tasks/task-table.ts";

const formats = ["text", "wide", "name", "json", "yaml", "jsonl"] as const;
const defaultLimit = 100;
/** Of one page where everything is asked for. */
const pageSize = 500;

export interface TaskListOptions {
  readonly context: Context;
  readonly filter: TaskFilter;
  /** All pages, not one. */
  readonly all: boolean;
  readonly format: (typeof formats)[number];
}

interface Flags {
  readonly status?: readonly TaskStatus[];
  readonly selector?: string;
  readonly search?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly output?: string;
}

export function taskListCommand(context: Context, run = runTaskList): Command {
  const command = createCommand(context, {
    name: "list",
    formats,
    examples: [
      { line: "keruta list --status failed", text: { en: "what has failed", ja: "失敗したタスク" } },
      {
        line: "keruta list -l team=docs -o wide",
        text: { en: "by label, with more columns", ja: "ラベルで絞り、列を増やす" },
      },
      {
        line: "keruta list --limit 0 -o jsonl",
        text: { en: "everything, for programs", ja: "全件をプログラム向けに" },
      },
    ],
  });
  addOptions(context, command, [
    {
      flags: "--status <status>",
      text: { en: "only these, with commas between", ja: "この状態だけ（コンマ区切り）" },
      parse: choiceListValue("--status", taskStatuses),
    },
    {
      flags: "-l, --selector <selector>",
      text: { en: "labels, as team=docs,!old", ja: "ラベル（例 team=docs,!old）" },
    },
    {
      flags: "--search <text>",
      text: { en: "in title, description or id", ja: "タイトル・説明・ID に含まれる語" },
    },
    {
      flags: "--limit <number>",
      text: {
        en: `at most (default ${String(defaultLimit)}); 0: all`,
        ja: `最大件数（既定 ${String(defaultLimit)}、0 は全件）`,
      },
      parse: integerValue("--limit", 0, 100_000),
    },
    { flags: "--cursor <cursor>", text: { en: "go on where a list ended", ja: "前回の続きから" } },
  ]);
  return command.action(async (_: Flags, self: Command) => {
    const { status, selector, search, limit = defaultLimit, cursor, output } = self.optsWithGlobals<Flags>();
    const filter: TaskFilter = {
      ...(status && { statuses: status }),
      ...(selector !== undefined && { labels: parseLabelSelector(selector) }),
      ...(search !== undefined && { search }),
      ...(cursor !== undefined && { cursor }),
      limit: limit === 0 ? pageSize : limit,
    };
    await run({ context, filter, all: limit === 0, format: chooseFormat(output, formats) });
  });
}

export async function runTaskList({ context, filter, all, format }: TaskListOptions): Promise<void> {
  const { stdout } = context.io;
  const queue = await context.openQueue();
  if (format === "jsonl" || format === "name") {
    for await (const task of tasksOf(queue, filter, all)) {
      if (format === "name") await stdout.write(`${task.id}\n`);
      else await writeDocument(stdout, format, taskJson(task));
    }
    return;
  }
  const { items, nextCursor } = all ? await collect(queue, filter) : await queue.listTasks(filter);
  if (format === "json" || format === "yaml") {
    await writeDocument(stdout, format, taskListJson(items, nextCursor));
    return;
  }
  if (items.length > 0) await stdout.write(taskTable(context, items, format === "wide"));
  else await sayEmpty(context, queue, filter);
  if (nextCursor !== null) {
    await context.notify({
      en: `There are more; add --cursor ${nextCursor}, or --limit 0 for all.`,
      ja: `続きがあります。--cursor ${nextCursor} で続きを、--limit 0 で全件を表示します。`,
    });
  }
}

async function* tasksOf(queue: Queue, filter: TaskFilter, all: boolean): AsyncGenerator<Task> {
  let cursor: string | null = filter.cursor ?? null;
  do {
    const page = await queue.listTasks({ ...filter, ...(cursor !== null && { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (all && cursor !== null);
}

async function collect(queue: Queue, filter: TaskFilter) {
  return { items: await Array.fromAsync(tasksOf(queue, filter, true)), nextCursor: null };
}

async function sayEmpty(
  context: Context,
  queue: Queue,
  { statuses, labels, search }: TaskFilter,
): Promise<void> {
  const isFiltered = statuses !== undefined || labels !== undefined || search !== undefined;
  await context.notify(
    isFiltered
      ? { en: `No task of ${queue.name} matches.`, ja: `${queue.name} に該当するタスクはありません。` }
      : { en: `The queue ${queue.name} is empty.`, ja: `キュー ${queue.name} は空です。` },
  );
}
