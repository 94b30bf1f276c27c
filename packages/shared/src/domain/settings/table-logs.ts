import type { SettingDefinition } from "./definition.ts";

export const logSettings = [
  {
    key: "keruta.logs.debug",
    type: "enum",
    values: ["keep", "drop"],
    default: "keep",
    description: {
      en: "Whether lines of level DEBUG are shown and stored; where they are dropped, gap records say how many bytes.",
      ja: "DEBUG レベルの行を表示・保存するか。drop なら、捨てたバイト数を欠落の記録に残します。",
    },
  },
  {
    key: "keruta.logs.retention",
    type: "duration",
    default: "30d",
    minimum: 60_000,
    description: {
      en: "How long logs are kept in the queue after the task's end, for tasks that say nothing else; then they are archived, or removed where there is no archive.",
      ja: "タスクに指定がないときの、終了後にログをキューに保存する期間。過ぎたログはアーカイブされ、アーカイブ先がなければ削除されます。",
    },
  },
  ...(
    [
      ["debug", "DEBUG,TRACE,VERBOSE,デバッグ"],
      ["info", "INFO,NOTICE,情報"],
      ["warn", "WARN,WARNING,警告,注意"],
      ["error", "ERROR,ERR,FATAL,CRITICAL,PANIC,SEVERE,エラー,異常終了,失敗"],
    ] as const
  ).map(
    ([level, words]) =>
      ({
        key: `keruta.logs.level-words.${level}`,
        type: "list",
        default: words,
        description: {
          en: `Words that give a line the level ${level.toUpperCase()} when it begins with one.`,
          ja: `行頭にあるとき、その行のレベルを ${level.toUpperCase()} とする語。`,
        },
      }) as const,
  ),
  {
    key: "keruta.logs.rotate.bytes",
    type: "bytes",
    default: "64Mi",
    minimum: 0,
    description: {
      en: "Size of one attempt's log in the queue from which its blocks move to the archive; 0: never by size.",
      ja: "キュー内の 1 試行のログがこのサイズに達したらアーカイブへ移します。0 ならサイズでは移しません。",
    },
  },
  {
    key: "keruta.logs.rotate.age",
    type: "duration",
    default: "7d",
    minimum: 0,
    description: {
      en: "Age from which blocks of a log move to the archive; 0s: only when their retention is over.",
      ja: "ログがこの古さになったらアーカイブへ移します。0s なら保存期間が過ぎたときだけ移します。",
    },
  },
  {
    key: "keruta.logs.archive.location",
    type: "string",
    default: "",
    format: "archiveLocation",
    description: {
      en: "Where old logs are archived: a directory, or s3://bucket/prefix with ?endpoint=URL&region=NAME where needed (credentials from AWS_… variables); empty: nowhere.",
      ja: "古いログのアーカイブ先。ディレクトリ、または s3://バケット/接頭辞（必要なら ?endpoint=URL&region=名前。認証情報は環境変数 AWS_…）。空ならアーカイブしません。",
    },
  },
  {
    key: "keruta.logs.archive.retention",
    type: "duration",
    default: "0s",
    minimum: 0,
    description: {
      en: "How long archived logs are kept after the task's end; 0s: as long as the task.",
      ja: "終了後にアーカイブ済みのログを保存する期間。0s ならタスクがある限り保存します。",
    },
  },
] as const satisfies readonly SettingDefinition[];
