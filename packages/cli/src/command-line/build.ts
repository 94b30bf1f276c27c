import { Command } from "commander";
import type { Context } from "../context/context.ts";
import type { GlobalOptions } from "../context/globals.ts";
import { createCommand, formatsOf } from "./command.ts";
import type { CommandEntry } from "./entry.ts";
import { chooseFormat } from "./format.ts";
import { createGlobalOptions } from "./global-options.ts";
import { notLoaded } from "./line-errors.ts";

/**
 * `path`: the command to build, or "all" for docs. Where no entry of a level is on it, all of that level are there by
 * name, for the help and for suggestions. Each level parses the words before its subcommand only, as `wordsFor` gives
 * them.
 */
export async function buildProgram(
  context: Context,
  registry: readonly CommandEntry[],
  path: readonly CommandEntry[] | "all",
): Promise<Command> {
  const program = createRoot(context).enablePositionalOptions();
  await addCommands(context, program, registry, path);
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
    const globals = action.optsWithGlobals<GlobalOptions>();
    context.configure(globals);
    // A command that prints one thing only would pass over what was asked of it.
    if (formatsOf(action).length === 0) chooseFormat(globals.output, ["text"]);
  });
  return program;
}

async function addCommands(
  context: Context,
  parent: Command,
  entries: readonly CommandEntry[],
  path: readonly CommandEntry[] | "all",
): Promise<void> {
  const named = path === "all" ? undefined : path[0];
  const deeper = path === "all" ? path : path.slice(1);
  for (const entry of named ? [named] : entries) {
    const isTyped = path === "all" || entry === named;
    // `logs export` has nothing of the options of `logs`.
    const isGroup = !entry.load || (deeper !== "all" && deeper.length > 0);
    const command = isTyped ? await load(context, entry, isGroup) : placeholder(entry);
    const summary = context.translate(entry.summary);
    command
      .summary(summary)
      .description(`${summary}${entry.shortFor === undefined ? "" : ` (${entry.shortFor})`}`);
    if (entry.heading) command.helpGroup(context.translate(entry.heading));
    if (isTyped && entry.commands) await addCommands(context, command, entry.commands, deeper);
    parent.addCommand(command);
  }
}

/** A name for the help: whatever lets it be run has read the line wrongly, and must not end as if it had worked. */
function placeholder({ name }: CommandEntry): Command {
  return new Command(name)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw notLoaded(name);
    });
}

async function load(context: Context, entry: CommandEntry, isGroup: boolean): Promise<Command> {
  if (entry.load && !isGroup) return (await entry.load())(context);
  const { name, examples = [] } = entry;
  return createCommand(context, { name, examples }).enablePositionalOptions();
}
