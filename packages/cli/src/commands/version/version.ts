import type { Command } from "commander";
import { apiVersion } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { createCommand } from "../../command-line/command.ts";

const formats = ["text", "json", "yaml"] as const;

export interface VersionOptions {
  readonly context: Context;
  readonly format: (typeof formats)[number];
}

export function versionCommand(context: Context, run = runVersion): Command {
  return createCommand(context, {
    name: "version",
    formats,
    examples: [{ line: "keruta version -o json", text: { en: "for programs", ja: "プログラム向け" } }],
  }).action(async (_: unknown, self: Command) => {
    const { output } = self.optsWithGlobals<{ output?: string }>();
    await run({ context, format: chooseFormat(output, formats) });
  });
}

export async function runVersion({ context, format }: VersionOptions): Promise<void> {
  const { io, version } = context;
  if (format === "text") await io.stdout.write(`${version}\n`);
  else await writeDocument(io.stdout, format, { apiVersion, kind: "Version", version });
}
