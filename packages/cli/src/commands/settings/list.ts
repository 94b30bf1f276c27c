import type { Command } from "commander";
import { findSetting, type EffectiveSetting } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { writeList } from "../../output/list.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { neutralise } from "../../output/neutralise.ts";
import type { Column } from "../../output/table.ts";
import { createCommand } from "../../command-line/command.ts";

const formats = ["text", "wide", "name", "json", "yaml", "jsonl"] as const;

export interface SettingsListOptions {
  readonly context: Context;
  readonly format: (typeof formats)[number];
}

export function settingsListCommand(context: Context, run = runSettingsList): Command {
  return createCommand(context, {
    name: "list",
    formats,
    examples: [
      {
        line: "keruta settings list -o wide",
        text: { en: "with what each one means", ja: "説明も付けて一覧する" },
      },
    ],
  }).action(async (_: unknown, self: Command) => {
    const { output } = self.optsWithGlobals<{ output?: string }>();
    await run({ context, format: chooseFormat(output, formats) });
  });
}

export async function runSettingsList({ context, format }: SettingsListOptions): Promise<void> {
  const { stdout } = context.io;
  const items = (await context.settings()).list();
  await writeList(stdout, format, {
    kind: "SettingList",
    items,
    json: settingJson,
    name: ({ key }) => key,
    columns: columns(context, format === "wide"),
  });
}

export function settingJson({ key, text, origin }: EffectiveSetting): Readonly<Record<string, unknown>> {
  return { key, value: text, origin, default: findSetting(key)?.default ?? "" };
}

function columns({ translate }: Context, wide: boolean): readonly Column<EffectiveSetting>[] {
  const description = ({ key }: EffectiveSetting) => {
    const definition = findSetting(key);
    return definition ? translate(definition.description) : "";
  };
  return [
    { header: "KEY", cell: ({ key }) => key },
    { header: "VALUE", cell: ({ text }) => neutralise(text), shrinkTo: 10, dropOrder: 2 },
    { header: "ORIGIN", cell: ({ origin }) => origin, dropOrder: 1 },
    ...(wide ? [{ header: "DESCRIPTION", cell: description, shrinkTo: 20, dropOrder: 3 }] : []),
  ];
}
