import type { Command } from "commander";
import { isTerminal } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { createCommand } from "../../command-line/command.ts";
import { taskActionFormats, printTasks, type TaskActionOptions } from "../../tasks/print-tasks.ts";
import { resolveTaskIds } from "../../tasks/resolve.ts";
import { eachTask } from "../../tasks/with-progress.ts";
import { chooseFormat } from "../../command-line/format.ts";

export function taskCancelCommand(context: Context, run = runTaskCancel): Command {
  return createCommand(context, {
    name: "cancel",
    formats: taskActionFormats,
    examples: [
      { line: "keruta cancel k7m2xqaf4t", text: { en: "stop a task", ja: "タスクを中止する" } },
      {
        line: "keruta list --status pending --limit 0 -o name | xargs keruta cancel",
        text: { en: "everything that waits", ja: "実行待ちをすべて中止する" },
      },
    ],
  })
    .argument("<task-id...>")
    .action(async (tasks: readonly string[], _: unknown, self: Command) => {
      const { output } = self.optsWithGlobals<{ output?: string }>();
      await run({ context, tasks, format: chooseFormat(output, taskActionFormats) });
    });
}

export async function runTaskCancel({
  context,
  tasks: references,
  format,
}: TaskActionOptions): Promise<void> {
  const queue = await context.openQueue();
  const ids = await resolveTaskIds(queue, references);
  const changed = await eachTask(ids, "cancelled", async (id) => {
    const { task, outcome } = await queue.cancelTask(id, context.user);
    if (outcome === "requested") {
      await context.notify({
        en: `${id} runs and was asked to stop; \`keruta wait ${id}\` waits for it.`,
        ja: `${id} は実行中のため停止を要求しました。\`keruta wait ${id}\` で終了を待てます。`,
      });
    } else if (outcome === "unchanged" && isTerminal(task.status)) {
      await context.notify({
        en: `${id} had ended already (${task.status}).`,
        ja: `${id} はすでに終わっています（${task.status}）。`,
      });
    }
    return task;
  });
  await printTasks(context, changed, format);
}
