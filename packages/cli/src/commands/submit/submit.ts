import type { Command } from "commander";
import { runnerNames, type RunnerName } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { driveFormats, type DriveFormat } from "../../driving/create-watcher.ts";
import type { StopWish } from "../../driving/stop-wishes.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { choiceValue, integerValue } from "../../command-line/values.ts";
import { taskFlags } from "../../task-flags/task-flags.ts";
import { renderFormats, type RenderFormat } from "../render/formats.ts";
import { runSubmit } from "./run-submit.ts";
import { sourceOf, type SourceFlags, type SubmitSource } from "./source.ts";

export const driverChoices = ["auto", "self", "worker"] as const;

export interface SubmitOptions {
  readonly context: Context;
  readonly source: SubmitSource;
  readonly runner: RunnerName | undefined;
  readonly driver: (typeof driverChoices)[number];
  readonly detach: boolean;
  /** undefined: by where the task comes from. */
  readonly onInterrupt: StopWish | undefined;
  readonly requestId: string | undefined;
  readonly artifactsDir: string | undefined;
  readonly resultFile: string | undefined;
  readonly idFile: string | undefined;
  readonly emptyExitCode: number;
  readonly simpleExitCode: boolean;
  /** Ignored with `dryRun`. */
  readonly format: DriveFormat;
  /** undefined: run it. */
  readonly dryRun: DryRun | undefined;
}

export interface DryRun {
  /** `client`: the Job as it would be sent; `server`: as the cluster would store it. */
  readonly where: "client" | "server";
  readonly format: RenderFormat;
}

interface Flags extends SourceFlags {
  readonly dryRun?: DryRun["where"];
  readonly driver?: (typeof driverChoices)[number];
  readonly detach?: boolean;
  readonly onInterrupt?: StopWish;
  readonly requestId?: string;
  readonly artifactsDir?: string;
  readonly result?: string;
  readonly idFile?: string;
  readonly emptyExitCode?: number;
  readonly simpleExitCode?: boolean;
  readonly output?: string;
}

export function submitCommand(context: Context, run = runSubmit): Command {
  const command = createCommand(context, {
    name: "submit",
    formats: driveFormats,
    examples: [
      { line: "keruta submit", text: { en: "run the queue's next task", ja: "キューの次のタスクを実行" } },
      {
        line: "keruta submit -f task.yaml",
        text: { en: "queue a file and run it", ja: "ファイルをキューに入れて実行" },
      },
      {
        line: "keruta submit --runner local -- make test",
        text: { en: "run a command on this machine", ja: "このマシンでコマンドを実行" },
      },
      {
        line: "keruta submit --from @last --env DEBUG=1",
        text: { en: "run a copy of a task with a change", ja: "タスクを複製し、変更して実行" },
      },
    ],
  })
    .usage("[options] [task-id] [-- COMMAND…]")
    .argument("[task-id]");
  addOptions(context, command, [
    {
      flags: "-f, --file <file>",
      text: { en: "task file, YAML or JSON; - is stdin", ja: "タスクファイル（YAML / JSON、- は標準入力）" },
    },
    {
      flags: "--from <task-id>",
      text: { en: "begin with a copy of this task", ja: "このタスクを複製して始める" },
    },
    {
      flags: "--driver <who>",
      text: { en: "who drives it: auto, self or worker", ja: "実行を担当するもの: auto・self・worker" },
      parse: choiceValue("--driver", driverChoices),
    },
    {
      flags: "--detach",
      text: { en: "print the id and leave it running", ja: "ID を表示し、実行したまま離れる" },
    },
    {
      flags: "--dry-run <where>",
      text: {
        en: "print the Job instead of running it, checked by client or server",
        ja: "実行せずに Job を表示する: client（手元で）または server（クラスターで検査）",
      },
      parse: choiceValue("--dry-run", ["client", "server"]),
    },
    {
      flags: "--on-interrupt <wish>",
      text: {
        en: "what Ctrl-C does: cancel, or detach (default: cancel; detach for a task taken from the queue)",
        ja: "Ctrl-C の動作: cancel または detach（既定は cancel、キューから取り出したタスクでは detach）",
      },
      parse: choiceValue("--on-interrupt", ["cancel", "detach"]),
    },
    {
      flags: "--request-id <id>",
      text: {
        en: "again with the same id: attach to that task",
        ja: "同じ ID での再実行では、そのタスクに接続する",
      },
    },
    { flags: "--artifacts-dir <dir>", text: { en: "copy the artifacts there", ja: "成果物のコピー先" } },
    {
      flags: "--result <file>",
      text: { en: "write the task as JSON there at the end", ja: "終了時にタスクの JSON を書き出すファイル" },
    },
    {
      flags: "--id-file <file>",
      text: { en: "write the id there before it runs", ja: "実行前に ID を書き出すファイル" },
    },
    {
      flags: "--empty-exit-code <code>",
      text: {
        en: "exit code where nothing is to be run (default 0)",
        ja: "実行するものがないときの終了コード（既定 0）",
      },
      parse: integerValue("--empty-exit-code", 0, 255),
    },
    {
      flags: "--simple-exit-code",
      text: { en: "exit with 0 or 1 only", ja: "終了コードを 0 か 1 だけにする" },
    },
  ]);
  return taskFlags(context, command).action(async (task: string | undefined, _: Flags, self: Command) => {
    const flags = self.optsWithGlobals<Flags>();
    await run({
      context,
      source: sourceOf(task, flags, context.trailing),
      runner: runnerNames.find((name) => name === flags.runner),
      driver: flags.driver ?? "auto",
      detach: flags.detach ?? false,
      onInterrupt: flags.onInterrupt,
      requestId: flags.requestId,
      artifactsDir: flags.artifactsDir,
      resultFile: flags.result,
      idFile: flags.idFile,
      emptyExitCode: flags.emptyExitCode ?? 0,
      simpleExitCode: flags.simpleExitCode ?? false,
      ...formatsOf(flags),
    });
  });
}

function formatsOf({ dryRun, output }: Flags): Pick<SubmitOptions, "format" | "dryRun"> {
  if (dryRun === undefined) return { dryRun, format: chooseFormat(output, driveFormats) };
  return { dryRun: { where: dryRun, format: chooseFormat(output, renderFormats) }, format: "text" };
}
