import type { Command } from "commander";
import { type NewTask, type Task, taskJson, taskListJson } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { readTasks } from "../../task-flags/read-tasks.ts";
import { withProgress } from "../../tasks/with-progress.ts";
import { taskFlags, taskFlagsOf, type TaskFlags } from "../../task-flags/task-flags.ts";

const formats = ["text", "name", "json", "yaml", "jsonl"] as const;

export interface TaskAddOptions {
  readonly context: Context;
  readonly file: string | undefined;
  readonly flags: TaskFlags;
  readonly command: readonly string[];
  readonly requestId: string | undefined;
  readonly format: (typeof formats)[number];
}

interface Flags {
  readonly file?: string;
  readonly requestId?: string;
  readonly output?: string;
}

export function taskAddCommand(context: Context, run = runTaskAdd): Command {
  const command = createCommand(context, {
    name: "add",
    formats,
    examples: [
      {
        line: 'keruta add --title "Build the docs" --priority 10 -- make docs',
        text: { en: "queue a command", ja: "コマンドをキューに入れる" },
      },
      {
        line: "keruta add -f task.yaml --label team=docs",
        text: { en: "queue a file with one more label", ja: "ファイルのタスクにラベルを足して入れる" },
      },
      {
        line: "generate-tasks | keruta add -f -",
        text: {
          en: "queue many documents at once, none if one is wrong",
          ja: "複数の文書をまとめて入れる（1 件でも誤りがあれば全件入れない）",
        },
      },
    ],
  }).usage("[options] [-- COMMAND…]");
  addOptions(context, command, [
    {
      flags: "-f, --file <file>",
      text: { en: "task file, YAML or JSON; - is stdin", ja: "タスクファイル（YAML / JSON、- は標準入力）" },
    },
    {
      flags: "--request-id <id>",
      text: { en: "adding again with the same id adds nothing", ja: "同じ ID での再実行では追加しない" },
    },
  ]);
  return taskFlags(context, command).action(async (_: Flags, self: Command) => {
    const { file, requestId, output } = self.optsWithGlobals<Flags>();
    const flags = taskFlagsOf(self);
    if (
      file === undefined &&
      context.trailing.length === 0 &&
      flags.image === undefined &&
      flags.title === undefined
    ) {
      throw usageError(
        { en: "There is nothing to add.", ja: "追加する内容がありません。" },
        {
          en: "Give a task file with -f, or a command after --.",
          ja: "-f でタスクファイルを、または -- の後にコマンドを指定してください。",
        },
      );
    }
    await run({
      context,
      file,
      flags,
      command: context.trailing,
      requestId,
      format: chooseFormat(output, formats),
    });
  });
}

export async function runTaskAdd({
  context,
  file,
  flags,
  command,
  requestId,
  format,
}: TaskAddOptions): Promise<void> {
  const drafts = await readTasks(context, { file, flags, command });
  if (requestId !== undefined && drafts.length > 1) {
    throw usageError({
      en: `--request-id names one task, but ${file ?? ""} has ${String(drafts.length)}.`,
      ja: `--request-id は 1 件のタスクに付けるものですが、${file ?? ""} には ${String(drafts.length)} 件あります。`,
    });
  }
  const queue = await context.openQueue();
  const tasks: Task[] = [];
  for (const draft of drafts) {
    tasks.push(await addOne(context, queue, draft, { requestId, added: tasks, wanted: drafts.length }));
  }
  await print(context, tasks, format);
}

interface Progress {
  readonly requestId: string | undefined;
  readonly added: readonly Task[];
  readonly wanted: number;
}

async function addOne(
  context: Context,
  queue: Queue,
  draft: NewTask,
  { requestId, added, wanted }: Progress,
) {
  try {
    const { task, created } = await queue.addTask({
      ...draft,
      createdBy: context.user,
      ...(requestId !== undefined && { requestId }),
    });
    if (!created) {
      await context.notify({
        en: `Request ${String(requestId)} was known: it is task ${task.id} (${task.status}).`,
        ja: `リクエスト ${String(requestId)} は登録済みです（タスク ${task.id}、${task.status}）。`,
      });
    }
    return task;
  } catch (error) {
    const ids = added.map(({ id }) => id);
    throw withProgress(error, "added", ids, wanted);
  }
}

async function print(
  { io }: Context,
  tasks: readonly Task[],
  format: TaskAddOptions["format"],
): Promise<void> {
  const [first, ...others] = tasks;
  if (format === "text" || format === "name") {
    await io.stdout.write(tasks.map(({ id }) => `${id}\n`).join(""));
  } else if (format === "jsonl") {
    for (const task of tasks) await writeDocument(io.stdout, format, taskJson(task));
  } else if (first) {
    await writeDocument(io.stdout, format, others.length === 0 ? taskJson(first) : taskListJson(tasks, null));
  }
}
