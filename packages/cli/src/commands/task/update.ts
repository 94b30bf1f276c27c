import type { Command } from "commander";
import { apiVersion } from "@keruta/shared/domain";
import { validateTask } from "@keruta/shared/taskfile";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { createCommand } from "../../command-line/command.ts";
import { applyTaskFlags } from "../../task-flags/apply-task-flags.ts";
import { taskFlags, taskFlagsOf, type TaskFlags } from "../../task-flags/task-flags.ts";
import { printTasks, taskActionFormats, type TaskActionOptions } from "../../tasks/print-tasks.ts";
import { getTask } from "../../tasks/resolve.ts";

export interface TaskUpdateOptions {
  readonly context: Context;
  readonly task: string;
  readonly flags: TaskFlags;
  readonly command: readonly string[];
  readonly format: TaskActionOptions["format"];
}

export function taskUpdateCommand(context: Context, run = runTaskUpdate): Command {
  const command = createCommand(context, {
    name: "update",
    formats: taskActionFormats,
    examples: [
      {
        line: "keruta task update k7m --hold=false",
        text: { en: "let a held task run", ja: "保留を解除する" },
      },
      { line: "keruta task update k7m --priority 50", text: { en: "move it forward", ja: "優先度を上げる" } },
    ],
  })
    .usage("[options] <task-id> [-- COMMAND…]")
    .argument("<task-id>");
  return taskFlags(context, command).action(async (task: string, _: unknown, self: Command) => {
    const { output } = self.optsWithGlobals<{ output?: string }>();
    const flags = taskFlagsOf(self);
    if (Object.keys(flags).length === 0 && context.trailing.length === 0) {
      throw usageError({ en: "There is nothing to change.", ja: "変更する内容がありません。" });
    }
    await run({
      context,
      task,
      flags,
      command: context.trailing,
      format: chooseFormat(output, taskActionFormats),
    });
  });
}

export async function runTaskUpdate({
  context,
  task: reference,
  flags,
  command,
  format,
}: TaskUpdateOptions): Promise<void> {
  const queue = await context.openQueue();
  const { id, title, description, priority, labels, spec } = await getTask(queue, reference);
  const value = applyTaskFlags({ title, description, priority, labels, spec }, flags, command);
  const change = validateTask({ apiVersion, kind: "Task", ...value }, { name: "options" });
  await printTasks(context, [await queue.updateTask(id, change)], format);
}
