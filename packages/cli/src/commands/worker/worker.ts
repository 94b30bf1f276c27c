import type { Command } from "commander";
import { runnerNames, type RunnerName } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { choiceValue, durationValue, integerValue } from "../../command-line/values.ts";
import { runWorker } from "./run-worker.ts";

const formats = ["text", "json", "jsonl"] as const;

export interface WorkerCommandOptions {
  readonly context: Context;
  /** undefined: the setting. */
  readonly concurrency: number | undefined;
  readonly untilEmpty: boolean;
  /** The same process serves, and does what keeps the database. */
  readonly isWithinServer: boolean;
  readonly runner: RunnerName | undefined;
  /** Milliseconds from the first signal to what the second one does; undefined: only a second one does it. */
  readonly grace: number | undefined;
  /** `json` and `jsonl` are the same here: one document a line, since there is no end to wait for. */
  readonly format: (typeof formats)[number];
}

interface Flags {
  readonly concurrency?: number;
  readonly untilEmpty?: boolean;
  readonly runner?: RunnerName;
  readonly grace?: number;
  readonly output?: string;
}

export function workerCommand(context: Context, run = runWorker): Command {
  const command = createCommand(context, {
    name: "worker",
    formats,
    examples: [
      {
        line: "keruta worker --concurrency 10",
        text: { en: "run up to ten tasks at a time", ja: "同時に最大 10 件実行" },
      },
      {
        line: "keruta worker --until-empty",
        text: { en: "run what there is, then exit", ja: "今あるタスクを実行して終わる" },
      },
      {
        line: "keruta worker --runner local",
        text: {
          en: "run everything as processes of this machine",
          ja: "すべてこのマシンのプロセスとして実行",
        },
      },
    ],
  });
  command.addHelpText("after", `\n${context.translate(aboutSignals)}`);
  return addOptions(context, command, [
    {
      flags: "--concurrency <n>",
      text: {
        en: "tasks at a time (default: setting keruta.worker.concurrency)",
        ja: "同時に実行する数（既定: 設定 keruta.worker.concurrency）",
      },
      parse: integerValue("--concurrency", 1, 1000),
    },
    {
      flags: "--until-empty",
      text: {
        en: "exit when nothing can run now and nothing runs",
        ja: "今すぐ実行できるものも実行中のものもなくなったら終わる",
      },
    },
    {
      flags: "--runner <runner>",
      text: {
        en: "run all tasks with this one, whatever they say: kubernetes or local",
        ja: "タスクの指定によらず使うランナー: kubernetes または local",
      },
      parse: choiceValue("--runner", runnerNames),
    },
    {
      flags: "--grace <duration>",
      text: {
        en: "hand over by itself so long after the first signal (default: never)",
        ja: "最初のシグナルからこの時間で、自動的に引き渡す（既定: しない）",
      },
      parse: durationValue("--grace"),
    },
  ]).action(async (_: Flags, self: Command) => {
    const { concurrency, untilEmpty = false, runner, grace, output } = self.optsWithGlobals<Flags>();
    const format = chooseFormat(output, formats);
    await run({ context, concurrency, untilEmpty, isWithinServer: false, runner, grace, format });
  });
}

const aboutSignals = {
  en: `Signals:
  SIGTERM, Ctrl-C   take no more tasks, see the running ones to their end, exit
  the second one    hand the running ones over and exit: Jobs go on, local commands are cancelled`,
  ja: `シグナル:
  SIGTERM・Ctrl-C   新しいタスクを取らず、実行中のものを最後まで実行して終わる
  2 回目            実行中のものを引き渡して終わる（Job は続き、ローカルのコマンドは中止）`,
};
