import type { Command } from "commander";
import { runnerNames, type RunnerName } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { taskFlags } from "../../task-flags/task-flags.ts";
import { sourceOf, type SourceFlags, type SubmitSource } from "../submit/source.ts";
import { renderFormats, type RenderFormat } from "./formats.ts";
import { runRender } from "./run-render.ts";

export interface RenderOptions {
  readonly context: Context;
  readonly source: SubmitSource;
  readonly runner: RunnerName | undefined;
  /** `client`: as it would be sent; `server`: as the cluster would store it, which stores nothing. */
  readonly where: "client" | "server";
  readonly format: RenderFormat;
}

interface Flags extends SourceFlags {
  readonly output?: string;
}

export function renderCommand(context: Context, run = runRender): Command {
  const command = createCommand(context, {
    name: "render",
    formats: renderFormats,
    examples: [
      {
        line: "keruta render -f task.yaml",
        text: {
          en: "the Job of a task file, not queued",
          ja: "タスクファイルの Job を表示（キューには入れない）",
        },
      },
      {
        line: "keruta render @last -o json",
        text: { en: "the Job of a queued task's attempt", ja: "キューにあるタスクの試行の Job を表示" },
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
  ]);
  return taskFlags(context, command).action(async (task: string | undefined, _: Flags, self: Command) => {
    const flags = self.optsWithGlobals<Flags>();
    await run({
      context,
      source: sourceOf(task, flags, context.trailing),
      runner: runnerNames.find((name) => name === flags.runner),
      where: "client",
      format: chooseFormat(flags.output, renderFormats),
    });
  });
}
