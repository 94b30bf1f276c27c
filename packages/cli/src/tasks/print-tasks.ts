import { taskJson, taskListJson } from "@keruta/shared/domain";
import type { Task } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";
import { writeDocument } from "../output/document.ts";

export const taskActionFormats = ["text", "name", "json", "yaml", "jsonl"] as const;

/** Of a command that changes tasks and prints what they are now. */
export interface TaskActionOptions {
  readonly context: Context;
  readonly tasks: readonly string[];
  readonly format: (typeof taskActionFormats)[number];
}

/** As text `id STATUS` a line; one task is one document, several are a list. */
export async function printTasks(
  { io }: Context,
  tasks: readonly Task[],
  format: TaskActionOptions["format"],
): Promise<void> {
  switch (format) {
    case "text":
      await io.stdout.write(tasks.map(({ id, status }) => `${id} ${status}\n`).join(""));
      return;
    case "name":
      await io.stdout.write(tasks.map(({ id }) => `${id}\n`).join(""));
      return;
    case "jsonl":
      for (const task of tasks) await writeDocument(io.stdout, format, taskJson(task));
      return;
    case "json":
    case "yaml": {
      const [first, ...others] = tasks;
      const document = first && others.length === 0 ? taskJson(first) : taskListJson(tasks, null);
      await writeDocument(io.stdout, format, document);
    }
  }
}
