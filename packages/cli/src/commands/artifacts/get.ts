import { join, resolve } from "node:path";
import type { Command } from "commander";
import { counted, describeBytes, exitCodes } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { neutralise } from "../../output/neutralise.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { integerValue } from "../../command-line/values.ts";
import { chooseAttempt } from "./attempt.ts";
import { fetchArtifacts } from "./fetch.ts";

export interface ArtifactsGetOptions {
  readonly context: Context;
  readonly task: string;
  /** Files, or directories with all that is in them; none: everything. */
  readonly paths: readonly string[];
  readonly attempt: number | undefined;
  readonly directory: string;
  readonly force: boolean;
}

interface Flags {
  readonly dir?: string;
  readonly attempt?: number;
  readonly force?: boolean;
}

export function artifactsGetCommand(context: Context, run = runArtifactsGet): Command {
  const command = createCommand(context, {
    name: "get",
    examples: [
      {
        line: "keruta artifacts get @last --dir out",
        text: { en: "all of them, into out/", ja: "すべてを out/ に" },
      },
      { line: "keruta artifacts get k7m report/index.html", text: { en: "one of them", ja: "1 つだけ" } },
    ],
  })
    .argument("<task-id>")
    .argument("[artifact-path...]");
  addOptions(context, command, [
    {
      flags: "--dir <directory>",
      text: { en: "where to (default: here)", ja: "コピー先（既定は現在のディレクトリ）" },
    },
    {
      flags: "--attempt <number>",
      text: {
        en: "of this attempt (default: the latest that has files)",
        ja: "この試行の成果物（既定はファイルのある最新の試行）",
      },
      parse: integerValue("--attempt", 1),
    },
    { flags: "--force", text: { en: "replace files that differ", ja: "内容の異なるファイルも置き換える" } },
  ]);
  return command.action(async (task: string, paths: readonly string[], _: unknown, self: Command) => {
    const { dir = ".", attempt, force = false } = self.optsWithGlobals<Flags>();
    await run({ context, task, paths, attempt, directory: resolve(context.directory, dir), force });
  });
}

/** Prints the path of each file on stdout; everything is checked before the first byte is copied. */
export async function runArtifactsGet(options: ArtifactsGetOptions): Promise<void> {
  const { context, paths, directory, force } = options;
  const queue = await context.openQueue();
  const { task, attempt } = await chooseAttempt(queue, options.task, options.attempt);
  const wanted = attempt
    ? await fetchArtifacts(context, { queue, task, attempt, paths, directory, force })
    : [];
  if (wanted === null) {
    context.exitCode = exitCodes.cancelled;
    return;
  }
  if (wanted.length === 0) {
    await context.notify({
      en: `Task ${task.id} has no artifacts.`,
      ja: `タスク ${task.id} に成果物はありません。`,
    });
    return;
  }
  const { stdout } = context.io;
  for (const { path } of wanted) {
    const shown = join(directory, path);
    await stdout.write(`${stdout.isTTY ? neutralise(shown) : shown}\n`);
  }
  const bytes = describeBytes(wanted.reduce((sum, file) => sum + file.bytes, 0));
  const count = wanted.length;
  await context.notify({
    en: `${counted(count, "file")} (${bytes}) ${count === 1 ? "is" : "are"} in ${directory}, verified.`,
    ja: `${String(count)} 個のファイル（${bytes}）を検証して ${directory} に置きました。`,
  });
}
