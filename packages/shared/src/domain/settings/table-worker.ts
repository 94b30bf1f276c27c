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
] as const satisfies readonly SettingDefinition[];
