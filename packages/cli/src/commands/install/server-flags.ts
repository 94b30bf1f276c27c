import { Option } from "commander";
import type { ServerInstallOptions } from "@keruta/runner/install";
import type { OptionDefinition } from "../../command-line/command.ts";
import { usageError } from "../../errors/usage.ts";
import { booleanValue, choiceValue, integerValue } from "../../command-line/values.ts";

/** What of `ServerInstallOptions` a person chooses. */
export interface ServerFlags {
  /** undefined: that of this version. */
  readonly image: string | undefined;
  /** undefined: that of the setting. */
  readonly agentImage: string | undefined;
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

/** As they are on the command line. */
export interface WrittenServerFlags {
  readonly server?: boolean;
  readonly serverImage?: string;
  readonly agentImage?: string;
  readonly databaseSecret?: string;
  readonly archiveSecret?: string;
  readonly notifySecret?: string;
  readonly workers?: number;
  readonly concurrency?: number;
  readonly storage?: string;
  readonly storageClass?: string;
  readonly ownVolume?: boolean;
  readonly accessMode?: ServerInstallOptions["storage"]["accessMode"];
}

export const serverFlagDefinitions: readonly OptionDefinition[] = [
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
    flags: "--agent-image <image>",
    text: {
      en: "image of the tasks' sidecars (default: setting keruta.agent.image, else that of this version)",
      ja: "タスクのサイドカーのイメージ（既定は設定 keruta.agent.image、なければこのバージョンのもの）",
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

/** Throws KRT_USAGE where there is to be no server that they could be of. */
export function serverOf(flags: WrittenServerFlags): ServerFlags | null {
  if (flags.server !== true) {
    refuseIdle(flags);
    return null;
  }
  return {
    image: flags.serverImage,
    agentImage: flags.agentImage,
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

function refuseIdle(flags: WrittenServerFlags): void {
  const given = new Map<string, unknown>(Object.entries(flags));
  const idle = serverFlagDefinitions
    .map(({ flags: written }) => new Option(written))
    .find((option) => given.get(option.attributeName()) !== undefined);
  if (!idle) return;
  const flag = idle.long ?? "";
  throw usageError(
    {
      en: `${flag} is of a server and its workers, and without --server there are none.`,
      ja: `${flag} はサーバーとワーカーの指定ですが、--server がないため配置しません。`,
    },
    { en: "Add --server.", ja: "--server を付けてください。" },
  );
}
