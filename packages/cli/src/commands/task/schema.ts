import type { Command } from "commander";
import { taskSchema } from "@keruta/shared/taskfile";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { createCommand } from "../../command-line/command.ts";

const formats = ["json", "yaml"] as const;

export interface TaskSchemaOptions {
  readonly context: Context;
  readonly format: (typeof formats)[number];
}

export function taskSchemaCommand(context: Context, run = runTaskSchema): Command {
  return createCommand(context, {
    name: "schema",
    formats,
    examples: [
      {
        line: "keruta task schema > task.schema.json",
        text: { en: "for the completion of an editor", ja: "エディターの補完に使う" },
      },
    ],
  }).action(async (_: unknown, self: Command) => {
    const { output } = self.optsWithGlobals<{ output?: string }>();
    await run({ context, format: chooseFormat(output, formats) });
  });
}

export async function runTaskSchema({ context, format }: TaskSchemaOptions): Promise<void> {
  await writeDocument(context.io.stdout, format, taskSchema());
}
