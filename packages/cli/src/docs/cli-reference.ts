import type { Command } from "commander";
import type { Language } from "@keruta/shared/domain";
import { createContext } from "../context/create-context.ts";
import { buildProgram } from "../command-line/build.ts";
import { registry } from "../program/registry.ts";
import { generatedNote } from "./generated-note.ts";

/** docs/cli.md: the help of every command, from the same tree that parses. */
export async function cliReference(language: Language): Promise<string> {
  const context = createContext(withoutSurroundings(language));
  const program = await buildProgram(context, registry, "all");
  const sections = commandsOf(program).map((command) => {
    const [, ...words] = pathOf(command);
    const title = words.length === 0 ? "keruta" : `keruta ${words.join(" ")}`;
    let text = "";
    command.configureOutput({ writeOut: (part) => (text += part) });
    // Global options stand once, with `keruta` itself.
    command.configureHelp({ ...command.configureHelp(), showGlobalOptions: false, helpWidth: 100 });
    command.outputHelp();
    return `## ${title}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;
  });
  const heading = language === "en" ? "The command line" : "コマンド";
  return `# ${heading}\n\n${generatedNote}\n\n${sections.join("\n")}`;
}

function commandsOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

function pathOf(command: Command): readonly string[] {
  return [...(command.parent ? pathOf(command.parent) : []), command.name()];
}

/** Help asks nothing of the outside; whatever else does is a bug in it. */
function withoutSurroundings(language: Language): Parameters<typeof createContext>[0] {
  const refuse = () => {
    throw new Error("the help needs nothing of the outside");
  };
  const sink = { isTTY: false, columns: 100, colorLevel: 0, write: refuse } as const;
  return {
    io: { stdin: { isTTY: false, chunks: refuse, withoutEcho: refuse }, stdout: sink, stderr: sink },
    env: { LANG: language === "ja" ? "ja_JP.UTF-8" : "C.UTF-8" },
    clock: refuse,
    random: refuse,
    version: "",
    directory: "/",
    home: "/",
    user: "",
    signals: { on: refuse },
    machine: {
      nodeVersion: "",
      get processes(): never {
        return refuse();
      },
      get agent(): never {
        return refuse();
      },
      timers: { after: refuse, every: refuse },
      panel: "",
      signalGroup: refuse,
      crashPoint: refuse,
    },
    openQueue: refuse,
    openStore: refuse,
  };
}
