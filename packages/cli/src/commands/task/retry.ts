import type { Command } from "commander";
import type { Context } from "../../context/context.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { createCommand } from "../../command-line/command.ts";
import { printTasks, taskActionFormats, type TaskActionOptions } from "../../tasks/print-tasks.ts";
import { resolveTaskIds } from "../../tasks/resolve.ts";
import { eachTask } from "../../tasks/with-progress.ts";

export function taskRetryCommand(context: Context, run = runTaskRetry): Command {
  return createCommand(context, {
    name: "retry",
    formats: taskActionFormats,
    examples: [
      {
        line: "keruta retry @last",
        text: { en: "queue the newest task again", ja: "最新のタスクを再実行する" },
      },
    ],
  })
    .argument("<task-id...>")
    .action(async (tasks: readonly string[], _: unknown, self: Command) => {
      const { output } = self.optsWithGlobals<{ output?: string }>();
      await run({ context, tasks, format: chooseFormat(output, taskActionFormats) });
    });
}

export async function runTaskRetry({ context, tasks: references, format }: TaskActionOptions): Promise<void> {
  const queue = await context.openQueue();
  const ids = await resolveTaskIds(queue, references);
  const changed = await eachTask(ids, "retried", (id) => queue.retryTask(id, context.user));
  await printTasks(context, changed, format);
}
