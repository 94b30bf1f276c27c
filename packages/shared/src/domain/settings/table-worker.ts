import type { SettingDefinition } from "./definition.ts";

export const workerSettings = [
  {
    key: "keruta.worker.concurrency",
    type: "integer",
    default: "1",
    minimum: 1,
    maximum: 1000,
    description: {
      en: "How many attempts one worker drives at a time.",
      ja: "1 つのワーカーが同時に実行する試行の数。",
    },
  },
  {
    key: "keruta.worker.runners",
    type: "list",
    default: "kubernetes,local",
    values: ["kubernetes", "local"],
    description: {
      en: "Runners whose tasks a worker takes where --runner does not say; read when it starts.",
      ja: "--runner を指定しない場合にワーカーが引き受けるタスクのランナー。起動時に読み込みます。",
    },
  },
] as const satisfies readonly SettingDefinition[];
