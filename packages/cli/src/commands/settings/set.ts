import type { Command } from "commander";
import { checkSettingValue, findSetting, resolveSettingKey } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { createCommand } from "../../command-line/command.ts";
import { storeSettings } from "./store.ts";

export interface SettingsSetOptions {
  readonly context: Context;
  /** Texts by full key, each checked. */
  readonly values: Readonly<Record<string, string>>;
}

export function settingsSetCommand(context: Context, run = runSettingsSet): Command {
  return createCommand(context, {
    name: "set",
    examples: [
      {
        line: "keruta settings set keruta.kubernetes.default-image example/build:1",
        text: { en: "one setting", ja: "1 つの設定" },
      },
      {
        line: "keruta settings set retry.attempts=5 job.ttl=1h",
        text: { en: "several at once, all or none", ja: "複数をまとめて（すべて成功か、変更なし）" },
      },
    ],
  })
    .usage("[options] <setting-key> <value> | <setting-key>=<value>…")
    .argument("<setting-key...>")
    .action(async (words: readonly string[]) => {
      await run({ context, values: readValues(words) });
    });
}

export async function runSettingsSet({ context, values }: SettingsSetOptions): Promise<void> {
  await storeSettings(context, values);
}

/** `KEY VALUE`, or `KEY=VALUE` as often as wanted. */
function readValues(words: readonly string[]): Readonly<Record<string, string>> {
  const [first = "", second] = words;
  const isPair = words.length === 2 && second !== undefined && !first.includes("=");
  const pairs = isPair ? [[first, second] as const] : words.map(splitAssignment);
  const values: Record<string, string> = {};
  for (const [name, text] of pairs) {
    const key = resolveSettingKey(name);
    const definition = findSetting(key);
    if (definition) checkSettingValue(definition, text);
    values[key] = text;
  }
  return values;
}

function splitAssignment(word: string): readonly [string, string] {
  const equals = word.indexOf("=");
  if (equals > 0) return [word.slice(0, equals), word.slice(equals + 1)];
  throw usageError(
    { en: `"${word}" has no value.`, ja: `「${word}」に値がありません。` },
    {
      en: "Write KEY VALUE, or KEY=VALUE for several.",
      ja: "KEY VALUE、または KEY=VALUE を並べて指定してください。",
    },
  );
}
