import type { Command } from "commander";
import { parseDuration } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { runTaskWait, waitFormats } from "./run-wait.ts";

export interface TaskWaitOptions {
  readonly context: Context;
  readonly tasks: readonly string[];
  /** Milliseconds. */
  readonly timeout: number | undefined;
  readonly simpleExitCode: boolean;
  readonly format: (typeof waitFormats)[number];
}

interface Flags {
  readonly timeout?: number;
  readonly simpleExitCode?: boolean;
  readonly output?: string;
}

export function taskWaitCommand(context: Context, run = runTaskWait): Command {
  const command = createCommand(context, {
    name: "wait",
    formats: waitFormats,
    examples: [
      {
        line: "keruta wait @last",
        text: { en: "exit as the newest task does", ja: "最新のタスクと同じ終了コードで終わる" },
      },
      {
        line: "keruta wait --timeout 10m k7m q2x",
        text: { en: "several: 0 if all are done, else 1", ja: "複数: すべて正常終了なら 0、それ以外は 1" },
      },
    ],
  }).argument("<task-id...>");
  addOptions(context, command, [
    {
      flags: "--timeout <duration>",
      text: {
        en: "give up after, for example, 10m (exit code 124)",
        ja: "待ち時間の上限（例 10m、終了コード 124）",
      },
      parse: parseTimeout,
    },
    {
      flags: "--simple-exit-code",
      text: { en: "0 or 1, whatever the task's own code", ja: "タスクの終了コードによらず 0 か 1" },
    },
  ]);
  return command.action(async (tasks: readonly string[], _: unknown, self: Command) => {
    const { timeout, simpleExitCode = false, output } = self.optsWithGlobals<Flags>();
    await run({ context, tasks, timeout, simpleExitCode, format: chooseFormat(output, waitFormats) });
  });
}

function parseTimeout(text: string): number {
  const duration = parseDuration(text);
  if (duration !== undefined) return duration;
  throw usageError(
    { en: `--timeout cannot be "${text}".`, ja: `--timeout に「${text}」は使えません。` },
    { en: "Use a duration such as 30s, 10m or 1h30m.", ja: "30s、10m、1h30m のように指定してください。" },
  );
}
