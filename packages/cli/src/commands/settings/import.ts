import type { Command } from "commander";
import { counted, readApplicationProperties } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { readInput } from "../../files/read-input.ts";
import { createCommand } from "../../command-line/command.ts";
import { storeSettings } from "./store.ts";

export interface SettingsImportOptions {
  readonly context: Context;
  readonly file: string;
}

export function settingsImportCommand(context: Context, run = runSettingsImport): Command {
  return createCommand(context, {
    name: "import",
    examples: [
      {
        line: "keruta settings import application.properties",
        text: {
          en: "all keruta.* keys of the file, or none if one is wrong",
          ja: "keruta.* をすべて取り込む（誤りがあれば何も変えない）",
        },
      },
    ],
  })
    .argument("<file>")
    .action(async (file: string) => {
      await run({ context, file });
    });
}

export async function runSettingsImport({ context, file }: SettingsImportOptions): Promise<void> {
  const { name, bytes } = await readInput(context, file);
  const { settings, warnings } = readApplicationProperties({ name, content: bytes });
  for (const warning of warnings) await context.notify(warning);
  await storeSettings(context, settings);
  const count = Object.keys(settings).length;
  await context.notify({
    en: `${counted(count, "setting")} of ${name} ${count === 1 ? "is" : "are"} stored.`,
    ja: `${name} の設定 ${String(count)} 件を保存しました。`,
  });
}
