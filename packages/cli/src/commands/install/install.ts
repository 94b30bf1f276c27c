import type { Command } from "commander";
import type { ServerInstallOptions } from "@keruta/runner/install";
import { addOptions, createCommand, type OptionDefinition } from "../../command-line/command.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { booleanValue, choiceValue, integerValue } from "../../command-line/values.ts";
import type { Context } from "../../context/context.ts";
import { runInstall } from "./run-install.ts";

const formats = ["text", "yaml", "json"] as const;

export interface InstallCommandOptions {
  readonly context: Context;
  /** Print the manifests, send nothing. */
  readonly dryRun: boolean;
  readonly exec: boolean;
  /** null: only what tasks need. */
  readonly server: ServerFlags | null;
  readonly format: (typeof formats)[number];
}

/** What of `ServerInstallOptions` a person chooses. */
export interface ServerFlags {
  /** undefined: that of this version. */
  readonly image: string | undefined;
  readonly databaseSecret: string | null;
  readonly archiveSecret: string | null;
  /** null: notifications have no secrets. */
  readonly notifySecret: string | null;
  readonly workers: number;
  readonly concurrency: number;
  readonly storage: ServerInstallOptions["storage"];
  /** undefined: where the namespace admits it. */
  readonly ownsVolume: boolean | undefined;
}

interface Flags {
  readonly dryRun?: boolean;
  readonly exec?: boolean;
  readonly server?: boolean;
  readonly serverImage?: string;
  readonly databaseSecret?: string;
  readonly archiveSecret?: string;
  readonly notifySecret?: string;
  readonly workers?: number;
  readonly concurrency?: number;
  readonly storage?: string;
  readonly storageClass?: string;
  readonly ownVolume?: boolean;
  readonly accessMode?: ServerInstallOptions["storage"]["accessMode"];
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
    ...serverFlagDefinitions,
  ]);
  return command.action(async (_: unknown, self: Command) => {
    const flags = self.optsWithGlobals<Flags>();
    const { dryRun = false, exec = true, output } = flags;
    await run({ context, dryRun, exec, server: serverOf(flags), format: chooseFormat(output, formats) });
  });
}

const serverFlagDefinitions: readonly OptionDefinition[] = [
  {
    flags: "--server",
    text: { en: "server and workers too", ja: "サーバーとワーカーも配置する" },
  },
  {
    flags: "--server-image <image>",
    text: {
      en: "their image (default: that of this version)",
      ja: "そのイメージ（既定はこのバージョンのもの）",
    },
  },
  {
    flags: "--database-secret <name>",
    text: {
      en: "Secret whose key url is PostgreSQL's (default: SQLite on a volume, one Pod)",
      ja: "キー url に PostgreSQL の URL を持つ Secret（既定はボリューム上の SQLite と Pod 1 つ）",
    },
  },
  {
    flags: "--archive-secret <name>",
    text: {
      en: "Secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for an archive of logs in S3",
      ja: "ログを S3 にアーカイブするための AWS_ACCESS_KEY_ID と AWS_SECRET_ACCESS_KEY を持つ Secret",
    },
  },
  {
    flags: "--notify-secret <name>",
    text: {
      en: "Secret with SMTP_PASSWORD, SLACK_WEBHOOK_URL, WEBHOOK_SECRET for notifications (default: none)",
      ja: "通知用の SMTP_PASSWORD・SLACK_WEBHOOK_URL・WEBHOOK_SECRET を持つ Secret（既定はなし）",
    },
  },
  {
    flags: "--workers <number>",
    text: { en: "Pods of workers (default 2)", ja: "ワーカーの Pod 数（既定 2）" },
    parse: integerValue("--workers", 1, 1000),
  },
  {
    flags: "--concurrency <number>",
    text: { en: "attempts at once of each worker (default 10)", ja: "ワーカーごとの同時実行数（既定 10）" },
    parse: integerValue("--concurrency", 1, 1000),
  },
  {
    flags: "--storage <size>",
    text: { en: "of the volume of artifacts (default 10Gi)", ja: "成果物用ボリュームの容量（既定 10Gi）" },
  },
  {
    flags: "--storage-class <name>",
    text: {
      en: "of that volume (default: the cluster's)",
      ja: "そのストレージクラス（既定はクラスターの既定）",
    },
  },
  {
    flags: "--access-mode <mode>",
    text: {
      en: "of that volume: ReadWriteMany lets Pods be on several nodes (default ReadWriteOnce)",
      ja: "そのアクセスモード。複数ノードに配置するなら ReadWriteMany（既定 ReadWriteOnce）",
    },
    parse: choiceValue("--access-mode", ["ReadWriteOnce", "ReadWriteMany"]),
  },
  {
    flags: "--own-volume <true|false>",
    text: {
      en: "an init container chowns that volume, for drivers that ignore fsGroup (default: unless the namespace enforces restricted)",
      ja: "fsGroup を無視するドライバーのため、init コンテナでボリュームの所有者を変える（既定: restricted を強制するネームスペース以外）",
    },
    parse: booleanValue("--own-volume"),
  },
];

function serverOf(flags: Flags): ServerFlags | null {
  if (flags.server !== true) return null;
  return {
    image: flags.serverImage,
    databaseSecret: flags.databaseSecret ?? null,
    archiveSecret: flags.archiveSecret ?? null,
    notifySecret: flags.notifySecret ?? null,
    workers: flags.workers ?? 2,
    concurrency: flags.concurrency ?? 10,
    storage: {
      size: flags.storage ?? "10Gi",
      storageClass: flags.storageClass ?? null,
      accessMode: flags.accessMode ?? "ReadWriteOnce",
    },
    ownsVolume: flags.ownVolume,
  };
}
