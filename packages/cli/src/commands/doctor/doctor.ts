import type { Command } from "commander";
import type { Context } from "../../context/context.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { runDoctor } from "./run-doctor.ts";

const formats = ["text", "json", "yaml"] as const;

export interface DoctorOptions {
  readonly context: Context;
  /** Also runs a real task, end to end. */
  readonly run: boolean;
  readonly format: (typeof formats)[number];
}

export function doctorCommand(context: Context, run = runDoctor): Command {
  const command = createCommand(context, {
    name: "doctor",
    formats,
    examples: [
      {
        line: "keruta doctor -n builds",
        text: { en: "all checks, for one namespace", ja: "ネームスペースを指定して検査" },
      },
      {
        line: "keruta doctor --run",
        text: { en: "and run a tiny task on the cluster", ja: "クラスターで小さなタスクも実行してみる" },
      },
    ],
  });
  return addOptions(context, command, [
    {
      flags: "--run",
      text: { en: "also run a tiny task, end to end", ja: "小さなタスクを実際に最後まで実行する" },
    },
  ]).action(async (_: unknown, self: Command) => {
    const flags = self.optsWithGlobals<{ run?: boolean; output?: string }>();
    await run({ context, run: flags.run ?? false, format: chooseFormat(flags.output, formats) });
  });
}
