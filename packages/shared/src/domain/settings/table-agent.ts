import type { SettingDefinition } from "./definition.ts";

export const agentSettings = [
  {
    key: "keruta.agent.image",
    type: "string",
    default: "",
    description: {
      en: "Image of the sidecar that brings the agent; empty: the one of this version.",
      ja: "エージェントを運ぶサイドカーのイメージ。空ならこのバージョンのものを使います。",
    },
  },
  {
    key: "keruta.agent.api-url",
    type: "string",
    default: "",
    format: "httpUrl",
    description: {
      en: "URL of the server as Pods reach it, for agents to report to; empty: they report to nobody.",
      ja: "エージェントの報告先となる、Pod から見たサーバーの URL。空なら報告しません。",
    },
  },
  {
    key: "keruta.agent.token-secret",
    type: "secret",
    default: "",
    description: {
      en: "Secret whose key `token` agents trade for the token of their attempt; empty: one Secret per attempt.",
      ja: "エージェントが試行用トークンと引き換えに使う Secret（キー token）。空なら試行ごとに作ります。",
    },
  },
  {
    key: "keruta.agent.report-wait",
    type: "duration",
    default: "10s",
    minimum: 0,
    maximum: 300_000,
    description: {
      en: "How long an agent stays after its command's end for reports that the server did not take yet.",
      ja: "コマンド終了後、サーバーが受け取っていない報告のためにエージェントが待つ時間の上限。",
    },
  },
  {
    key: "keruta.agent.timeout",
    type: "duration",
    default: "6h",
    minimum: 1000,
    description: {
      en: "How long the command of a task may run, for tasks that say nothing else.",
      ja: "タスクに指定がないときの、コマンドの実行時間の上限。",
    },
  },
  {
    key: "keruta.agent.stop-grace",
    type: "duration",
    default: "30s",
    minimum: 0,
    maximum: 3_600_000,
    description: {
      en: "Time between SIGTERM and SIGKILL when a command is stopped.",
      ja: "コマンドを止めるとき、SIGTERM から SIGKILL までの猶予。",
    },
  },
  {
    key: "keruta.agent.control-lines",
    type: "boolean",
    default: "on",
    description: {
      en: "Lines of output that begin with ::keruta: are taken as messages; off: they are output like any other.",
      ja: "::keruta: で始まる出力行を keruta への指示として扱います。無効なら通常の出力として扱います。",
    },
  },
  {
    key: "keruta.agent.spool-bytes",
    type: "bytes",
    default: "1Gi",
    minimum: 1024 ** 2,
    description: {
      en: "Bound of the agent's own copy of the output; what goes beyond is reported.",
      ja: "エージェントが手元に残す出力の上限。超えた分があればログに記録します。",
    },
  },
  {
    key: "keruta.retry.attempts",
    type: "integer",
    default: "3",
    minimum: 1,
    maximum: 100,
    description: {
      en: "Attempts in all, the first included, for tasks that say nothing else.",
      ja: "タスクに指定がないときの、初回を含む試行回数の上限。",
    },
  },
  {
    key: "keruta.retry.on",
    type: "list",
    default: "infrastructure",
    format: "retryWords",
    description: {
      en: "Categories, reasons and exit codes after which a failed attempt is tried again.",
      ja: "失敗した試行をやり直す条件（分類、理由、終了コード）。",
    },
  },
  {
    key: "keruta.retry.backoff",
    type: "duration",
    default: "10s",
    minimum: 0,
    maximum: 86_400_000,
    description: {
      en: "Wait before the second attempt; it doubles before each further one.",
      ja: "2 回目の試行までの待ち時間。以後は試行ごとに倍になります。",
    },
  },
] as const satisfies readonly SettingDefinition[];
