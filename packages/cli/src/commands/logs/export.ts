import type { Command } from "commander";
import { parseLabelSelector } from "@keruta/shared/domain";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { choiceValue } from "../../command-line/values.ts";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { exportFormats, runLogsExport, type ExportFormat, type LogsExportOptions } from "./run-export.ts";

interface Flags {
  readonly selector?: string;
  readonly all?: boolean;
  readonly to?: string;
  readonly format?: ExportFormat;
}

export function logsExportCommand(
  context: Context,
  run: (options: LogsExportOptions) => Promise<void> = runLogsExport,
): Command {
  const command = createCommand(context, {
    name: "export",
    examples: [
      {
        line: "keruta logs export @last --to logs",
        text: { en: "stdout.log and stderr.log of each attempt", ja: "各試行の stdout.log と stderr.log" },
      },
      {
        line: "keruta logs export -l team=docs --to s3://logs/2026 --format jsonl",
        text: { en: "records with times and levels, to a bucket", ja: "時刻とレベル付きの記録をバケットへ" },
      },
    ],
  }).argument("[task-id...]");
  addOptions(context, command, [
    { flags: "-l, --selector <selector>", text: { en: "tasks by label", ja: "ラベルでタスクを選ぶ" } },
    { flags: "--all", text: { en: "of all tasks", ja: "すべてのタスク" } },
    {
      flags: "--to <location>",
      text: {
        en: "a directory or s3://bucket/prefix (default: here)",
        ja: "ディレクトリまたは s3://バケット/接頭辞（既定は現在のディレクトリ）",
      },
    },
    {
      flags: "--format <format>",
      text: {
        en: "text: the commands' own bytes; jsonl: a record a line",
        ja: "text はコマンドの出力そのまま、jsonl は 1 行 1 記録",
      },
      parse: choiceValue("--format", exportFormats),
    },
  ]);
  return command.action(async (tasks: readonly string[], _: unknown, self: Command) => {
    const { selector, all = false, to = ".", format = "text" } = self.optsWithGlobals<Flags>();
    const ways = [tasks.length > 0, selector !== undefined, all].filter(Boolean).length;
    if (ways !== 1) {
      throw usageError({
        en: "Name tasks, select them with -l, or say --all: one of them.",
        ja: "タスク ID・-l・--all のどれか 1 つを指定してください。",
      });
    }
    const labels = selector === undefined ? undefined : parseLabelSelector(selector);
    await run({ context, tasks, selector: labels, to, format });
  });
}
