import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { artifactStore } from "../../context/artifact-store.ts";
import type { Context } from "../../context/context.ts";
import { createCommand } from "../../command-line/command.ts";
import { resolveTaskIds } from "../../tasks/resolve.ts";
import { eachTask } from "../../tasks/with-progress.ts";

export interface TaskDeleteOptions {
  readonly context: Context;
  readonly tasks: readonly string[];
}

export function taskDeleteCommand(context: Context, run = runTaskDelete): Command {
  return createCommand(context, {
    name: "delete",
    examples: [
      {
        line: "keruta task delete k7m2xqaf4t",
        text: {
          en: "remove a task, its log and its artifacts",
          ja: "タスクとログ・成果物を削除する",
        },
      },
    ],
  })
    .argument("<task-id...>")
    .action(async (tasks: readonly string[]) => {
      await run({ context, tasks });
    });
}

export async function runTaskDelete({ context, tasks }: TaskDeleteOptions): Promise<void> {
  const queue = await context.openQueue();
  const store = artifactStore(context.paths, await context.settings());
  await eachTask(await resolveTaskIds(queue, tasks), "deleted", async (id) => {
    await queue.deleteTask(id);
    await rm(join(store, id), { recursive: true, force: true });
    await context.io.stdout.write(`${id}\n`);
  });
}
