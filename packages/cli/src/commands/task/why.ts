import type { Command } from "commander";
import { apiVersion } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { neutralise } from "../../output/neutralise.ts";
import { coloredStatus } from "../../output/style.ts";
import { createCommand } from "../../command-line/command.ts";
import { getTask } from "../../tasks/resolve.ts";
import { whyTask } from "../../tasks/why.ts";

const formats = ["text", "json", "yaml"] as const;

export interface TaskWhyOptions {
  readonly context: Context;
  readonly task: string;
  readonly format: (typeof formats)[number];
}

export function taskWhyCommand(context: Context, run = runTaskWhy): Command {
  return createCommand(context, {
    name: "why",
    formats,
    examples: [
      {
        line: "keruta why @last",
        text: { en: "why the newest task is as it is", ja: "最新のタスクが今の状態である理由" },
      },
    ],
  })
    .argument("<task-id>")
    .action(async (task: string, _: unknown, self: Command) => {
      const { output } = self.optsWithGlobals<{ output?: string }>();
      await run({ context, task, format: chooseFormat(output, formats) });
    });
}

export async function runTaskWhy({ context, task: reference, format }: TaskWhyOptions): Promise<void> {
  const { io, translate } = context;
  const task = await getTask(await context.openQueue(), reference);
  const answer = whyTask(task);
  const what = translate(answer.what);
  const remedy = answer.remedy && translate(answer.remedy);
  if (format === "text") {
    const lines = [
      `${task.id} ${coloredStatus(io.stdout, task.status)}: ${neutralise(what)}`,
      ...(remedy === null ? [] : [remedy]),
    ];
    await io.stdout.write(lines.map((line) => `${line}\n`).join(""));
    return;
  }
  const { id: taskId, status, pending, attempt } = task;
  const { reason = null, category = null, retryable = null } = attempt ?? {};
  const facts = { apiVersion, kind: "TaskWhy", taskId, status, reason, category, retryable, pending };
  await writeDocument(io.stdout, format, { ...facts, message: what, remedy });
}
