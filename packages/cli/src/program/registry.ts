import { commonHeading, entryShortcuts, taskEntries } from "./task-entries.ts";
import { serverEntries } from "./server-entries.ts";
import type { CommandEntry } from "../command-line/entry.ts";

const look = { en: "Looking into a task:", ja: "タスクを調べる:" };
const administer = { en: "Setting up:", ja: "設定と管理:" };

/** Every command, in the order of the help. */
export const registry: readonly CommandEntry[] = [
  {
    name: "submit",
    heading: commonHeading,
    summary: {
      en: "Run one task to its end; exits with its code",
      ja: "タスクを 1 件最後まで実行し、その終了コードで終わる",
    },
    passesOnExitCode: true,
    takesCommand: true,
    load: async () => (await import("../commands/submit/submit.ts")).submitCommand,
  },
  {
    name: "attach",
    heading: commonHeading,
    summary: {
      en: "Follow a task, or take it over, to its end",
      ja: "タスクを最後まで追跡する（必要なら引き継ぐ）",
    },
    passesOnExitCode: true,
    load: async () => (await import("../commands/attach/attach.ts")).attachCommand,
  },
  {
    name: "worker",
    heading: commonHeading,
    summary: {
      en: "Run the queue's tasks, several at a time, until told to stop",
      ja: "キューのタスクを、止められるまで並行して実行し続ける",
    },
    load: async () => (await import("../commands/worker/worker.ts")).workerCommand,
  },
  ...entryShortcuts,
  {
    name: "task",
    heading: commonHeading,
    summary: { en: "All commands on tasks", ja: "タスクの操作一式" },
    examples: [
      {
        line: "keruta task update @last --priority 10",
        text: { en: "change a task that waits", ja: "実行待ちのタスクを変更する" },
      },
      {
        line: "keruta task schema > task.schema.json",
        text: { en: "for an editor", ja: "エディター用のスキーマを保存する" },
      },
    ],
    commands: taskEntries,
  },
  {
    name: "logs",
    heading: look,
    summary: { en: "Print or follow what tasks wrote", ja: "タスクの出力（ログ）を表示・追跡する" },
    load: async () => (await import("../commands/logs/logs.ts")).logsCommand,
    commands: [
      {
        name: "export",
        summary: {
          en: "Write whole logs to files, in a directory or a bucket",
          ja: "ログ全体をディレクトリまたはバケットのファイルに書き出す",
        },
        load: async () => (await import("../commands/logs/export.ts")).logsExportCommand,
      },
      {
        name: "archive",
        summary: {
          en: "Move logs out of the queue, to where `keruta logs` still reads them",
          ja: "ログをキューからアーカイブへ移す（`keruta logs` では引き続き読める）",
        },
        load: async () => (await import("../commands/logs/archive.ts")).logsArchiveCommand,
      },
    ],
  },
  {
    name: "artifacts",
    heading: look,
    summary: { en: "List and fetch the files that tasks made", ja: "成果物の一覧と取得" },
    examples: [
      {
        line: "keruta artifacts list @last",
        text: { en: "what the newest task made", ja: "最新のタスクの成果物" },
      },
      { line: "keruta artifacts get @last --dir out", text: { en: "and a copy of it", ja: "そのコピー" } },
    ],
    commands: [
      {
        name: "list",
        summary: { en: "List the artifacts of a task", ja: "タスクの成果物を一覧する" },
        load: async () => (await import("../commands/artifacts/list.ts")).artifactsListCommand,
      },
      {
        name: "get",
        summary: { en: "Copy artifacts of a task, verified", ja: "タスクの成果物を検証してコピーする" },
        load: async () => (await import("../commands/artifacts/get.ts")).artifactsGetCommand,
      },
    ],
  },
  {
    name: "explain",
    heading: look,
    summary: {
      en: "Say what a reason, an error code or an exit code means",
      ja: "理由・エラーコード・終了コードの意味を説明する",
    },
    load: async () => (await import("../commands/explain/explain.ts")).explainCommand,
  },
  {
    name: "render",
    heading: look,
    summary: {
      en: "Print the Job that would run a task",
      ja: "タスクを実行する Job のマニフェストを表示する",
    },
    takesCommand: true,
    load: async () => (await import("../commands/render/render.ts")).renderCommand,
  },
  {
    name: "doctor",
    heading: administer,
    summary: {
      en: "Check database, cluster and rights, with remedies",
      ja: "データベース・クラスター・権限を検査し、対処を示す",
    },
    load: async () => (await import("../commands/doctor/doctor.ts")).doctorCommand,
  },
  {
    name: "install",
    heading: administer,
    summary: {
      en: "Give a namespace what tasks need to run in it",
      ja: "タスクの実行に必要なものをネームスペースに用意する",
    },
    load: async () => (await import("../commands/install/install.ts")).installCommand,
  },
  ...serverEntries.map((entry) => ({ ...entry, heading: administer })),
  {
    name: "settings",
    heading: administer,
    summary: { en: "Show and change settings", ja: "設定の表示と変更" },
    examples: [
      {
        line: "keruta settings list",
        text: { en: "every setting and where it comes from", ja: "すべての設定と設定元" },
      },
      {
        line: "keruta settings set kubernetes.enabled false",
        text: { en: "run tasks on this machine by default", ja: "既定でこのマシンで実行する" },
      },
    ],
    commands: [
      {
        name: "list",
        summary: { en: "List all settings with their origin", ja: "すべての設定を出どころ付きで一覧する" },
        load: async () => (await import("../commands/settings/list.ts")).settingsListCommand,
      },
      {
        name: "get",
        summary: { en: "Print the value of one setting", ja: "設定の値を表示する" },
        load: async () => (await import("../commands/settings/get.ts")).settingsGetCommand,
      },
      {
        name: "set",
        summary: { en: "Store settings in the queue's database", ja: "設定をデータベースに保存する" },
        load: async () => (await import("../commands/settings/set.ts")).settingsSetCommand,
      },
      {
        name: "unset",
        summary: { en: "Remove settings from the queue's database", ja: "設定をデータベースから取り除く" },
        load: async () => (await import("../commands/settings/unset.ts")).settingsUnsetCommand,
      },
      {
        name: "import",
        summary: { en: "Store the settings of a properties file", ja: "properties ファイルの設定を取り込む" },
        load: async () => (await import("../commands/settings/import.ts")).settingsImportCommand,
      },
    ],
  },
  {
    name: "queue",
    heading: administer,
    summary: { en: "Show, pause and resume the queue", ja: "キューの状態表示・一時停止・再開" },
    examples: [
      {
        line: "keruta queue status",
        text: { en: "what waits and runs, and who works", ja: "待機・実行中のタスクとワーカー" },
      },
      {
        line: "keruta queue pause",
        text: { en: "start nothing more for now", ja: "新しいタスクを始めない" },
      },
    ],
    commands: [
      {
        name: "status",
        summary: { en: "Count the tasks and the live workers", ja: "タスクとワーカーの数を表示する" },
        load: async () => (await import("../commands/queue/status.ts")).queueStatusCommand,
      },
      {
        name: "pause",
        summary: { en: "Let no further task start", ja: "新しいタスクの開始を止める" },
        load: async () => (await import("../commands/queue/pause.ts")).queuePauseCommand,
      },
      {
        name: "resume",
        summary: { en: "Let tasks start again", ja: "タスクの開始を再開する" },
        load: async () => (await import("../commands/queue/pause.ts")).queueResumeCommand,
      },
    ],
  },
  {
    name: "db",
    heading: administer,
    summary: {
      en: "Back up, check and restore the queue's database",
      ja: "データベースのバックアップ・検査・復元",
    },
    examples: [
      { line: "keruta db backup keruta.backup.db", text: { en: "a whole copy", ja: "完全なコピーを作る" } },
      { line: "keruta db check", text: { en: "look for damage", ja: "破損を検査する" } },
    ],
    commands: [
      {
        name: "backup",
        summary: {
          en: "Write a whole copy, while the queue is in use",
          ja: "使用中でも完全なコピーを書き出す",
        },
        load: async () => (await import("../commands/db/backup.ts")).dbBackupCommand,
      },
      {
        name: "check",
        summary: { en: "Check the database for damage", ja: "データベースの破損を検査する" },
        load: async () => (await import("../commands/db/check.ts")).dbCheckCommand,
      },
      {
        name: "prune",
        summary: {
          en: "Remove logs, artifacts and tasks that are over their time",
          ja: "保存期間を過ぎたログ・成果物・タスクを削除する",
        },
        load: async () => (await import("../commands/db/prune.ts")).dbPruneCommand,
      },
      {
        name: "restore",
        summary: {
          en: "Put a backup in the place of the database",
          ja: "バックアップからデータベースを復元する",
        },
        load: async () => (await import("../commands/db/restore.ts")).dbRestoreCommand,
      },
    ],
  },
  {
    name: "completion",
    heading: administer,
    summary: { en: "Print the completion script of a shell", ja: "シェル補完スクリプトを出力する" },
    load: async () => (await import("../commands/completion/completion.ts")).completionCommand,
  },
  {
    name: "version",
    heading: administer,
    summary: { en: "Print the version", ja: "バージョンを表示する" },
    load: async () => (await import("../commands/version/version.ts")).versionCommand,
  },
];
