import type { Command } from "commander";
import {
  levels,
  parseDuration,
  parseLabelSelector,
  streamNames,
  type Level,
  type StreamName,
} from "@keruta/shared/domain";
import type { LabelRequirement } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { choiceValue, integerValue } from "../../command-line/values.ts";
import type { AttemptChoice, LogFilter } from "./cursor.ts";
import { logFormats, runLogs } from "./run-logs.ts";
import { parseGrep } from "./grep.ts";

export interface LogsOptions {
  readonly context: Context;
  readonly tasks: readonly string[];
  readonly selector: readonly LabelRequirement[] | undefined;
  readonly follow: boolean;
  readonly filter: LogFilter;
  readonly attempt: AttemptChoice;
  readonly timestamps: boolean;
  readonly file: string | undefined;
  readonly format: (typeof logFormats)[number];
}

interface Flags {
  readonly selector?: string;
  readonly follow?: boolean;
  readonly tail?: number;
  readonly since?: string;
  readonly level?: Level;
  readonly grep?: RegExp;
  readonly stream?: StreamName;
  readonly timestamps?: boolean;
  readonly attempt?: AttemptChoice;
  readonly to?: string;
  readonly output?: string;
}

export function logsCommand(context: Context, run = runLogs): Command {
  const command = createCommand(context, {
    name: "logs",
    formats: logFormats,
    examples: [
      {
        line: "keruta logs @last -f",
        text: { en: "follow the newest task", ja: "最新のタスクのログを追う" },
      },
      {
        line: "keruta logs k7m --level warn --tail 20",
        text: { en: "its last 20 warnings and errors", ja: "警告以上の最後の 20 行" },
      },
      {
        line: "keruta logs -l team=docs --since 10m --grep timeout",
        text: { en: "search the logs of several tasks", ja: "複数のタスクのログを検索する" },
      },
    ],
  }).argument("[task-id...]");
  addOptions(context, command, [
    { flags: "-l, --selector <selector>", text: { en: "tasks by label", ja: "ラベルでタスクを選ぶ" } },
    {
      flags: "-f, --follow",
      text: { en: "go on until the task has ended", ja: "タスクの終了まで追い続ける" },
    },
    {
      flags: "--tail <number>",
      text: { en: "only the last lines", ja: "最後の行だけ" },
      parse: integerValue("--tail", 0),
    },
    {
      flags: "--since <time>",
      text: { en: "10m ago, or ISO 8601", ja: "10m（10 分前）または ISO 8601 の時刻から" },
    },
    {
      flags: "--level <level>",
      text: { en: "debug, info, warn or error, and above", ja: "debug・info・warn・error 以上" },
      parse: choiceValue("--level", levels),
    },
    {
      flags: "--grep <regexp>",
      text: {
        en: "lines that match",
        ja: "一致する行だけ",
      },
      parse: parseGrep,
    },
    {
      flags: "--stream <stream>",
      text: { en: "stdout or stderr alone", ja: "stdout または stderr だけ" },
      parse: choiceValue("--stream", streamNames),
    },
    { flags: "--timestamps", text: { en: "a time before each line", ja: "各行に時刻を付ける" } },
    {
      flags: "--attempt <number>",
      text: { en: "a number or all (default: the latest)", ja: "番号または all（既定は最新）" },
      parse: parseAttempt,
    },
    {
      flags: "--to <file>",
      text: { en: "into a file, which appears when whole", ja: "ファイルに書く（完成してから現れる）" },
    },
  ]);
  return command.action(async (tasks: readonly string[], _: unknown, self: Command) => {
    const flags = self.optsWithGlobals<Flags>();
    const { selector, follow = false, tail, since, level, grep, stream, timestamps = false, to } = flags;
    if ((tasks.length === 0) === (selector === undefined)) {
      throw usageError({
        en: "Name tasks (@last is the newest), or select them with -l, not both.",
        ja: "タスク ID（@last は最新）か -l のどちらか一方を指定してください。",
      });
    }
    const filter: LogFilter = {
      ...(tail !== undefined && { tail }),
      ...(since !== undefined && { since: parseSince(since, context.clock()) }),
      ...(level && { level }),
      ...(grep && { grep }),
      ...(stream && { stream }),
    };
    await run({
      context,
      tasks,
      follow,
      filter,
      timestamps,
      file: to,
      selector: selector === undefined ? undefined : parseLabelSelector(selector),
      attempt: flags.attempt ?? "latest",
      format: chooseFormat(flags.output, logFormats),
    });
  });
}

function parseAttempt(value: string): AttemptChoice {
  return value === "all" ? "all" : integerValue("--attempt", 1)(value);
}

function parseSince(text: string, now: number): string {
  const duration = parseDuration(text);
  if (duration !== undefined) return new Date(now - duration).toISOString();
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw usageError(
    { en: `--since cannot be "${text}".`, ja: `--since に「${text}」は使えません。` },
    {
      en: "Use a duration such as 10m or 2h, or a time such as 2026-03-01T10:00:00Z.",
      ja: "10m や 2h のような時間、または 2026-03-01T10:00:00Z のような時刻を指定してください。",
    },
  );
}
