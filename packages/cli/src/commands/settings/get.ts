import type { Command } from "commander";
import { apiVersion, resolveSettingKey, type SettingKey } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { createCommand } from "../../command-line/command.ts";
import { settingJson } from "./list.ts";

const formats = ["text", "json", "yaml"] as const;

export interface SettingsGetOptions {
  readonly context: Context;
  readonly key: SettingKey;
  readonly format: (typeof formats)[number];
}

export function settingsGetCommand(context: Context, run = runSettingsGet): Command {
  return createCommand(context, {
    name: "get",
    formats,
    examples: [
      {
        line: "keruta settings get default-image",
        text: { en: "a unique ending is enough", ja: "末尾が一意なら省略できる" },
      },
    ],
  })
    .argument("<setting-key>")
    .action(async (key: string, _: unknown, self: Command) => {
      const { output } = self.optsWithGlobals<{ output?: string }>();
      await run({ context, key: resolveSettingKey(key), format: chooseFormat(output, formats) });
    });
}

export async function runSettingsGet({ context, key, format }: SettingsGetOptions): Promise<void> {
  const setting = (await context.settings()).describe(key);
  if (format !== "text") {
    await writeDocument(context.io.stdout, format, { apiVersion, kind: "Setting", ...settingJson(setting) });
    return;
  }
  await context.io.stdout.write(`${setting.text}\n`);
  await context.explain({
    en: `${key} is from: ${setting.origin}.`,
    ja: `${key} の出どころ: ${setting.origin}`,
  });
}
