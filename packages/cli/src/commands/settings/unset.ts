import type { Command } from "commander";
import { resolveSettingKey, type SettingKey } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { createCommand } from "../../command-line/command.ts";
import { storeSettings } from "./store.ts";

export interface SettingsUnsetOptions {
  readonly context: Context;
  readonly keys: readonly SettingKey[];
}

export function settingsUnsetCommand(context: Context, run = runSettingsUnset): Command {
  return createCommand(context, {
    name: "unset",
    examples: [
      {
        line: "keruta settings unset default-image",
        text: { en: "back to the built-in value", ja: "既定値に戻す" },
      },
    ],
  })
    .argument("<setting-key...>")
    .action(async (keys: readonly string[]) => {
      await run({ context, keys: keys.map(resolveSettingKey) });
    });
}

export async function runSettingsUnset({ context, keys }: SettingsUnsetOptions): Promise<void> {
  await storeSettings(context, Object.fromEntries(keys.map((key) => [key, null])));
}
