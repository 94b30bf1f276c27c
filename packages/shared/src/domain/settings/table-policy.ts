import type { SettingDefinition } from "./definition.ts";

const everything = { en: " Empty: all.", ja: "空なら制限しません。" };

const lists = [
  [
    "images",
    "Images that tasks may name; * stands for any text, as in registry.example/*.",
    "タスクが指定できるイメージ（* は任意の文字列。例 registry.example/*）。",
  ],
  ["namespaces", "Namespaces that tasks may run in.", "タスクを実行できるネームスペース。"],
  ["service-accounts", "ServiceAccounts that tasks may name.", "タスクが指定できる ServiceAccount。"],
  ["secrets", "Secrets that tasks may refer to.", "タスクが参照できる Secret。"],
] as const;

/** What the server refuses of tasks that come over the API. */
export const policySettings = [
  ...lists.map(
    ([name, en, ja]) =>
      ({
        key: `keruta.policy.${name}`,
        type: "list",
        default: "",
        description: { en: `${en}${everything.en}`, ja: `${ja}${everything.ja}` },
      }) as const,
  ),
  {
    key: "keruta.policy.runners",
    type: "list",
    default: "kubernetes,local",
    values: ["kubernetes", "local"],
    description: {
      en: "Runners that tasks may name and claims may force; local runs commands on the worker's own machine.",
      ja: "タスクが指定でき、実行側が強制できるランナー。local はワーカー自身のマシンでコマンドを実行します。",
    },
  },
  {
    key: "keruta.policy.max-cpu",
    type: "string",
    default: "",
    format: "quantity",
    description: {
      en: "CPU limit that a task must set and not exceed, such as 4.",
      ja: "タスクの CPU limit の上限（例 4）。設定するとタスクに limit の指定が必要になります。",
    },
  },
  {
    key: "keruta.policy.max-memory",
    type: "string",
    default: "",
    format: "quantity",
    description: {
      en: "Memory limit that a task must set and not exceed, such as 8Gi.",
      ja: "タスクのメモリー limit の上限（例 8Gi）。設定するとタスクに limit の指定が必要になります。",
    },
  },
  {
    key: "keruta.policy.max-priority",
    type: "integer",
    default: "1000000000",
    minimum: -1_000_000_000,
    maximum: 1_000_000_000,
    description: { en: "Highest priority that a task may have.", ja: "タスクに指定できる最高の優先度。" },
  },
] as const satisfies readonly SettingDefinition[];
