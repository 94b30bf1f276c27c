import type { Command } from "commander";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { durationValue } from "../../command-line/values.ts";
import { chooseFormat } from "../../command-line/format.ts";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { archiveFormats, runLogsArchive } from "./run-archive.ts";

export interface LogsArchiveOptions {
  readonly context: Context;
  /** Their logs as a whole; none: by age, or what is due by the settings. */
  readonly tasks: readonly string[];
  /** Milliseconds since the end of their task. */
  readonly olderThan: number | undefined;
  /** Instead of the setting's. */
  readonly location: string | undefined;
  readonly format: (typeof archiveFormats)[number];
}

interface Flags {
  readonly olderThan?: number;
  readonly to?: string;
  readonly output?: string;
}

export function logsArchiveCommand(context: Context, run = runLogsArchive): Command {
  const command = createCommand(context, {
    name: "archive",
    formats: archiveFormats,
    examples: [
      {
        line: "keruta logs archive",
        text: {
          en: "what is due by the settings; `keruta serve` and `keruta worker` do it by themselves",
          ja: "設定により期限の来たログ（`keruta serve` と `keruta worker` は自動で行う）",
        },
      },
      {
        line: "keruta logs archive --older-than 1d --to s3://logs/keruta",
        text: {
          en: "of tasks that ended a day ago, to a bucket",
          ja: "1 日以上前に終了したタスクのログをバケットへ",
        },
      },
      {
        line: "keruta logs archive k7m --to /srv/archive",
        text: { en: "of one task, into a directory", ja: "1 つのタスクのログをディレクトリへ" },
      },
    ],
  }).argument("[task-id...]");
  addOptions(context, command, [
    {
      flags: "--older-than <duration>",
      text: {
        en: "of tasks that ended this long ago, such as 7d",
        ja: "終了からこの時間が経ったタスク（7d など）",
      },
      parse: durationValue("--older-than"),
    },
    {
      flags: "--to <location>",
      text: {
        en: "a directory or s3://bucket/prefix (default: the setting)",
        ja: "ディレクトリまたは s3://バケット/接頭辞（既定は設定値）",
      },
    },
  ]);
  return command.action(async (tasks: readonly string[], _: unknown, self: Command) => {
    const { olderThan, to: location, output } = self.optsWithGlobals<Flags>();
    if (tasks.length > 0 && olderThan !== undefined) {
      throw usageError({
        en: "Name tasks, or say --older-than, not both.",
        ja: "タスク ID か --older-than のどちらか一方を指定してください。",
      });
    }
    const format = chooseFormat(output, archiveFormats);
    await run({ context, tasks, olderThan, location, format });
  });
}
