import { Argument, type Command } from "commander";
import type { Context } from "../../context/context.ts";
import { choiceError } from "../../errors/usage.ts";
import { createCommand } from "../../command-line/command.ts";
import { completionScripts, isShell, shells, type Shell } from "./scripts.ts";

export interface CompletionOptions {
  readonly context: Context;
  readonly shell: Shell;
}

export function completionCommand(context: Context, run = runCompletion): Command {
  return createCommand(context, {
    name: "completion",
    examples: [
      {
        line: "source <(keruta completion bash)",
        text: { en: "for this shell", ja: "このシェルで有効にする" },
      },
      {
        line: 'keruta completion zsh > "${fpath[1]}/_keruta"',
        text: { en: "for every zsh", ja: "zsh で常に有効にする" },
      },
    ],
  })
    .addArgument(new Argument("<shell>", shells.join(", ")))
    .action(async (shell: string) => {
      if (!isShell(shell)) throw choiceError("SHELL", shell, shells);
      await run({ context, shell });
    });
}

export async function runCompletion({ context, shell }: CompletionOptions): Promise<void> {
  await context.io.stdout.write(completionScripts[shell]);
}
