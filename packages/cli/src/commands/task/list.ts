import type { Command } from "commander";
import {
  parseLabelSelector,
  taskStatuses,
  type TaskStatus,
  taskJson,
  taskListJson,
} from "@keruta/shared/domain";
import type { Queue, TaskFilter, TaskPage } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { choiceListValue, integerValue } from "../../command-line/values.ts";
import { taskTable } from "../../tasks/task-table.ts";

const formats = ["text", "wide", "name", "json", "yaml", "jsonl"] as const;
const defaultLimit = 100;
/** Of one page; a store gives no more than 1,000 at a time, and a server refuses to. */
const pageSize = 500;

export interface TaskListOptions {
  readonly context: Context;
  readonly filter: Omit<TaskFilter, "limit">;
  /** Infinity: all. */
  readonly limit: number;
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
    const filter = {
      ...(status && { statuses: status }),
      ...(selector !== undefined && { labels: parseLabelSelector(selector) }),
      ...(search !== undefined && { search }),
      ...(cursor !== undefined && { cursor }),
    };
    await run({
      context,
      filter,
      limit: limit === 0 ? Number.POSITIVE_INFINITY : limit,
      format: chooseFormat(output, formats),
    });
  });
}

export async function runTaskList({ context, filter, limit, format }: TaskListOptions): Promise<void> {
  const { stdout } = context.io;
  const queue = await context.openQueue();
  if (format === "jsonl" || format === "name") {
    let more: string | null = null;
    for await (const { items, nextCursor } of pagesOf(queue, filter, limit)) {
      for (const task of items) {
        if (format === "name") await stdout.write(`${task.id}\n`);
        else await writeDocument(stdout, format, taskJson(task));
      }
      more = nextCursor;
    }
    await sayMore(context, more);
    return;
  }
  const pages = await Array.fromAsync(pagesOf(queue, filter, limit));
  const items = pages.flatMap((page) => page.items);
  const more = pages.at(-1)?.nextCursor ?? null;
  if (format === "json" || format === "yaml") {
    await writeDocument(stdout, format, taskListJson(items, more));
    return;
  }
  if (items.length > 0) await stdout.write(taskTable(context, items, format === "wide"));
  else await sayEmpty(context, queue, filter);
  await sayMore(context, more);
}

/** As many tasks as are asked for, where there are as many; the last page tells whether there are more. */
async function* pagesOf(queue: Queue, filter: TaskFilter, limit: number): AsyncGenerator<TaskPage> {
  let left = limit;
  let { cursor } = filter;
  for (;;) {
    const page = await queue.listTasks({
      ...filter,
      ...(cursor !== undefined && { cursor }),
      limit: Math.min(left, pageSize),
    });
    yield page;
    left -= page.items.length;
    if (left <= 0 || page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}

async function sayMore(context: Context, cursor: string | null): Promise<void> {
  if (cursor === null) return;
  await context.notify({
    en: `There are more; add --cursor ${cursor}, or --limit 0 for all.`,
    ja: `続きがあります。--cursor ${cursor} で続きを、--limit 0 で全件を表示します。`,
  });
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
