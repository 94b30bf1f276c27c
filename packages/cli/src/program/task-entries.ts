import type { Text } from "@keruta/shared/domain";
import type { CommandEntry } from "../command-line/entry.ts";

export const commonHeading: Text = { en: "Running tasks:", ja: "タスクの実行:" };

/** The commands under `keruta task`. */
export const taskEntries: readonly CommandEntry[] = [
  {
    name: "add",
    summary: { en: "Queue tasks; prints their ids", ja: "タスクをキューに入れ、ID を表示する" },
    takesCommand: true,
    load: async () => (await import("../commands/task/add.ts")).taskAddCommand,
  },
  {
    name: "list",
    summary: { en: "List tasks, newest first", ja: "タスクを新しい順に一覧する" },
    load: async () => (await import("../commands/task/list.ts")).taskListCommand,
  },
  {
    name: "show",
    summary: { en: "Show all that is known of a task", ja: "タスクの詳細を表示する" },
    load: async () => (await import("../commands/task/show.ts")).taskShowCommand,
  },
  {
    name: "why",
    summary: {
      en: "Say why a task waits, failed or ended as it did",
      ja: "タスクが待っている・失敗した・終わった理由を述べる",
    },
    load: async () => (await import("../commands/task/why.ts")).taskWhyCommand,
  },
  {
    name: "wait",
    summary: {
      en: "Wait for tasks to end; exits with the task's own code",
      ja: "タスクの終了を待ち、その終了コードで終わる",
    },
    passesOnExitCode: true,
    load: async () => (await import("../commands/task/wait.ts")).taskWaitCommand,
  },
  {
    name: "cancel",
    summary: { en: "Cancel tasks, waiting or running", ja: "タスクを中止する（実行待ち・実行中とも）" },
    load: async () => (await import("../commands/task/cancel.ts")).taskCancelCommand,
  },
  {
    name: "retry",
    summary: { en: "Queue failed tasks again", ja: "失敗したタスクを再実行する" },
    load: async () => (await import("../commands/task/retry.ts")).taskRetryCommand,
  },
  {
    name: "update",
    summary: { en: "Change a task that still waits", ja: "実行待ちのタスクを変更する" },
    takesCommand: true,
    load: async () => (await import("../commands/task/update.ts")).taskUpdateCommand,
  },
  {
    name: "delete",
    summary: { en: "Delete tasks with their logs", ja: "タスクをログごと削除する" },
    load: async () => (await import("../commands/task/delete.ts")).taskDeleteCommand,
  },
  {
    name: "schema",
    summary: { en: "Print the JSON Schema of task files", ja: "タスクファイルの JSON Schema を表示する" },
    load: async () => (await import("../commands/task/schema.ts")).taskSchemaCommand,
  },
];

const atTopLevel = new Set(["add", "list", "show", "why", "wait", "cancel", "retry"]);

export const entryShortcuts: readonly CommandEntry[] = taskEntries
  .filter(({ name }) => atTopLevel.has(name))
  .map((entry) => ({ ...entry, heading: commonHeading, shortFor: `task ${entry.name}` }));
