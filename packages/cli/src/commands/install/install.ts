import type { Command } from "commander";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { booleanValue } from "../../command-line/values.ts";
import type { Context } from "../../context/context.ts";
import { runInstall } from "./run-install.ts";

const formats = ["text", "yaml", "json"] as const;

export interface InstallCommandOptions {
  readonly context: Context;
  /** Print the manifests, send nothing. */
  readonly dryRun: boolean;
  readonly exec: boolean;
  readonly format: (typeof formats)[number];
}

interface Flags {
  readonly dryRun?: boolean;
  readonly exec?: boolean;
  readonly output?: string;
}

export function installCommand(context: Context, run = runInstall): Command {
  const command = createCommand(context, {
    name: "install",
    formats,
    examples: [
      {
        line: "keruta install -n builds",
        text: {
          en: "ServiceAccount keruta with the rights to run tasks there",
          ja: "タスクの実行に必要な権限を持つ ServiceAccount keruta を作成",
        },
      },
      {
        line: "keruta install -n builds --dry-run | kubectl apply -f -",
        text: { en: "look at the manifests first", ja: "マニフェストを確認してから適用" },
      },
      {
        line: "keruta install -n builds --exec=false",
        text: { en: "without the right to exec into Pods", ja: "Pod への exec 権限を与えない" },
      },
    ],
  });
  addOptions(context, command, [
    {
      flags: "--dry-run",
      text: { en: "print the manifests, send nothing", ja: "マニフェストを表示し、何も送らない" },
    },
    {
      flags: "--exec <true|false>",
      text: {
        en: "grant exec, for artifacts, cut logs and a cancel in peace (default: true)",
        ja: "成果物の収集・途切れたログの補完・穏やかな中止に必要な exec を許可する（既定は true）",
      },
      parse: booleanValue("--exec"),
    },
  ]);
  return command.action(async (_: unknown, self: Command) => {
    const { dryRun = false, exec = true, output } = self.optsWithGlobals<Flags>();
    await run({ context, dryRun, exec, format: chooseFormat(output, formats) });
  });
}
