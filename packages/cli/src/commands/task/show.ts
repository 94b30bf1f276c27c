import { taskJson } from "@keruta/shared/domain";
import type { Command } from "commander";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { createCommand } from "../../command-line/command.ts";
import { getTask } from "../../tasks/resolve.ts";
import { taskView } from "../../tasks/task-view.ts";

const formats = ["text", "json", "yaml"] as const;

export interface TaskShowOptions {
  readonly context: Context;
  readonly task: string;
  readonly format: (typeof formats)[number];
}

export function taskShowCommand(context: Context, run = runTaskShow): Command {
  return createCommand(context, {
    name: "show",
    formats,
    examples: [
      { line: "keruta show @last", text: { en: "the newest task", ja: "最新のタスク" } },
      {
        line: "keruta show k7m -o json",
        text: { en: "by the beginning of its id", ja: "ID の先頭だけで指定" },
      },
    ],
  })
    .argument("<task-id>")
    .action(async (task: string, _: unknown, self: Command) => {
      const { output } = self.optsWithGlobals<{ output?: string }>();
      await run({ context, task, format: chooseFormat(output, formats) });
    });
}

export async function runTaskShow({ context, task: reference, format }: TaskShowOptions): Promise<void> {
  const queue = await context.openQueue();
  const task = await getTask(queue, reference);
  if (format !== "text") {
    await writeDocument(context.io.stdout, format, taskJson(task));
    return;
  }
  const artifacts = task.attempt?.artifacts ? await queue.listArtifacts(task.id, task.attempt.number) : [];
  await context.io.stdout.write(taskView(context, task, artifacts));
}
