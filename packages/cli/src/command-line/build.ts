import { Command } from "commander";
import type { Context } from "../context/context.ts";
import type { GlobalOptions } from "../context/globals.ts";
import { createCommand } from "./command.ts";
import type { CommandEntry } from "./entry.ts";
import { createGlobalOptions } from "./global-options.ts";

/**
 * `words`: the path of the command to build, or "all" for completion and docs. Where no entry was named, all of
 * that level are there by name, for the help and for suggestions.
 */
export async function buildProgram(
  context: Context,
  registry: readonly CommandEntry[],
  words: readonly string[] | "all",
): Promise<Command> {
  const program = createRoot(context);
  await addCommands(context, program, registry, words);
  return program;
}

export function createRoot(context: Context): Command {
  const { translate } = context;
  const program = createCommand(context, {
    name: "keruta",
    examples: [
      {
        line: 'keruta add --title "Build the docs" -- make docs',
        text: { en: "queue a command", ja: "コマンドをキューに入れる" },
      },
      { line: "keruta list", text: { en: "see what is queued", ja: "キューを一覧する" } },
      {
        line: "keruta logs @last -f",
        text: { en: "follow the newest task", ja: "最新のタスクのログを追う" },
      },
    ],
  })
    .description(
      translate({
        en: "Runs queued tasks on Kubernetes or on this machine, and tells the truth about them.",
        ja: "キューのタスクを Kubernetes またはこのマシンで実行し、結果をありのままに伝えます。",
      }),
    )
    .version(
      context.version,
      "-V, --version",
      translate({ en: "print the version", ja: "バージョンを表示する" }),
    );
  for (const option of createGlobalOptions(translate)) program.addOption(option);
  program.hook("preAction", (_, action) => {
    context.configure(action.optsWithGlobals<GlobalOptions>());
  });
  return program;
}

async function addCommands(
  context: Context,
  parent: Command,
  entries: readonly CommandEntry[],
  words: readonly string[] | "all",
): Promise<void> {
  const named = words === "all" ? undefined : entries.find(({ name }) => name === words[0]);
  for (const entry of named ? [named] : entries) {
    const typed = words === "all" || entry === named;
    // `logs export` has nothing of the options of `logs`.
    const isGroup = words !== "all" && entry.commands?.some(({ name }) => name === words[1]) === true;
    const command = typed ? await load(context, entry, isGroup) : new Command(entry.name);
    const summary = context.translate(entry.summary);
    command
      .summary(summary)
      .description(`${summary}${entry.shortFor === undefined ? "" : ` (${entry.shortFor})`}`);
    if (entry.heading) command.helpGroup(context.translate(entry.heading));
    if (typed && entry.commands) {
      await addCommands(context, command, entry.commands, words === "all" ? words : words.slice(1));
    }
    parent.addCommand(command);
  }
}

async function load(
  context: Context,
  { name, load: factory }: CommandEntry,
  isGroup: boolean,
): Promise<Command> {
  return factory && !isGroup ? (await factory())(context) : createCommand(context, { name, examples: [] });
}
