import { Command, Option } from "commander";
import type { Text } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";
import type { Format } from "./format.ts";
import { displayWidth } from "../output/width.ts";

export interface Example {
  readonly line: string;
  readonly text: Text;
}

export interface CommandDefinition {
  readonly name: string;
  readonly examples: readonly Example[];
  /** What `-o` may be; the first is the default. */
  readonly formats?: readonly Format[];
}

/** A command with keruta's help and without commander's own habits of printing and exiting. */
export function createCommand(context: Context, definition: CommandDefinition): Command {
  const { translate } = context;
  const command = new Command(definition.name)
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
    .configureHelp({
      showGlobalOptions: true,
      helpWidth: Math.min(context.io.stdout.columns, 100),
      displayWidth,
      styleTitle: (title) => translate(titles[title] ?? { en: title, ja: title }),
    })
    .helpOption("-h, --help", translate({ en: "show this help", ja: "このヘルプを表示する" }))
    .helpCommand(false);
  const { examples, formats } = definition;
  if (formats) offeredFormats.set(command, formats);
  if (formats && formats.length > 1) {
    command.addHelpText(
      "after",
      `\n${translate({ en: "Formats of -o", ja: "-o の形式" })}: ${formats.join(", ")}`,
    );
  }
  if (examples.length > 0) command.addHelpText("after", `\n${exampleText(examples, translate)}`);
  return command;
}

const offeredFormats = new WeakMap<Command, readonly Format[]>();

/** What `-o` may be for a command; none where it prints only one thing. */
export function formatsOf(command: Command): readonly Format[] {
  return offeredFormats.get(command) ?? [];
}

const titles: Readonly<Record<string, Text>> = {
  "Usage:": { en: "Usage:", ja: "使い方:" },
  "Arguments:": { en: "Arguments:", ja: "引数:" },
  "Options:": { en: "Options:", ja: "オプション:" },
  "Global Options:": { en: "Global options:", ja: "共通オプション:" },
  "Commands:": { en: "Commands:", ja: "コマンド:" },
};

function exampleText(examples: readonly Example[], translate: (text: Text) => string): string {
  const title = translate({ en: "Examples:", ja: "例:" });
  return [title, ...examples.map(({ line, text }) => `  # ${translate(text)}\n  ${line}`)].join("\n");
}

export interface OptionDefinition {
  readonly flags: string;
  readonly text: Text;
  /** Gets the value so far where the option is given again. */
  readonly parse?: (value: string, previous: unknown) => unknown;
}

export function addOptions(
  context: Context,
  command: Command,
  options: readonly OptionDefinition[],
): Command {
  for (const { flags, text, parse } of options) {
    const option = new Option(flags, context.translate(text));
    command.addOption(parse ? option.argParser(parse) : option);
  }
  return command;
}
