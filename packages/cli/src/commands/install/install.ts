import type { Command } from "commander";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { booleanValue } from "../../command-line/values.ts";
import type { Context } from "../../context/context.ts";
import { runInstall } from "./run-install.ts";
import {
  serverFlagDefinitions,
  serverOf,
  type ServerFlags,
  type WrittenServerFlags,
} from "./server-flags.ts";

const formats = ["text", "yaml", "json"] as const;

export interface InstallCommandOptions {
  readonly context: Context;
  /** Print the manifests, send nothing. */
  readonly dryRun: boolean;
  readonly exec: boolean;
  /** undefined: where agents report to a server. */
  readonly agentTokens: boolean | undefined;
  /** null: only what tasks need. */
  readonly server: ServerFlags | null;
  readonly format: (typeof formats)[number];
}

interface Flags extends WrittenServerFlags {
  readonly dryRun?: boolean;
  readonly exec?: boolean;
  readonly agentTokens?: boolean;
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
      {
        line: "keruta install -n builds --server --database-secret keruta-database",
        text: {
          en: "server and workers too, over the PostgreSQL that the Secret's key url names",
          ja: "サーバーとワーカーも配置する（接続先は Secret のキー url の PostgreSQL）",
        },
      },
      {
        line: "keruta install -n builds --server --server-image r.example/keruta/server:1 --agent-image r.example/keruta/agent:1",
        text: { en: "with images of your own registry", ja: "自分のレジストリーのイメージを使う" },
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
    {
      flags: "--agent-tokens <true|false>",
      text: {
        en: "grant writing Secrets, for the tokens of agents that report to a server (default: where there is one)",
        ja: "サーバーに報告するエージェントのトークン用に Secret の書き込みを許可する（既定はサーバーがある場合のみ）",
      },
      parse: booleanValue("--agent-tokens"),
    },
    ...serverFlagDefinitions,
  ]);
  return command.action(async (_: unknown, self: Command) => {
    const flags = self.optsWithGlobals<Flags>();
    const { dryRun = false, exec = true, agentTokens, output } = flags;
    const format = chooseFormat(output, formats);
    await run({ context, dryRun, exec, agentTokens, server: serverOf(flags), format });
  });
}
