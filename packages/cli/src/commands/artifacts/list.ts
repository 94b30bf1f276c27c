import type { Command } from "commander";
import { apiVersion, describeBytes } from "@keruta/shared/domain";
import type { ArtifactFile } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { neutralise } from "../../output/neutralise.ts";
import { renderTable, type Column } from "../../output/table.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { integerValue } from "../../command-line/values.ts";
import { chooseAttempt } from "./attempt.ts";

const formats = ["text", "wide", "name", "json", "yaml", "jsonl"] as const;

export interface ArtifactsListOptions {
  readonly context: Context;
  readonly task: string;
  /** The latest one that has artifacts where it is undefined. */
  readonly attempt: number | undefined;
  readonly format: (typeof formats)[number];
}

interface Flags {
  readonly attempt?: number;
  readonly output?: string;
}

export function artifactsListCommand(context: Context, run = runArtifactsList): Command {
  const command = createCommand(context, {
    name: "list",
    formats,
    examples: [
      { line: "keruta artifacts list @last", text: { en: "of the newest task", ja: "最新のタスクの成果物" } },
    ],
  }).argument("<task-id>");
  addOptions(context, command, [
    {
      flags: "--attempt <number>",
      text: {
        en: "of this attempt (default: the latest that has files)",
        ja: "この試行の成果物（既定はファイルのある最新の試行）",
      },
      parse: integerValue("--attempt", 1),
    },
  ]);
  return command.action(async (task: string, _: unknown, self: Command) => {
    const { attempt, output } = self.optsWithGlobals<Flags>();
    await run({ context, task, attempt, format: chooseFormat(output, formats) });
  });
}

export async function runArtifactsList(options: ArtifactsListOptions): Promise<void> {
  const { context, format } = options;
  const { stdout } = context.io;
  const queue = await context.openQueue();
  const { task, attempt } = await chooseAttempt(queue, options.task, options.attempt);
  const files = attempt ? await queue.listArtifacts(task.id, attempt.number) : [];
  switch (format) {
    case "json":
    case "yaml": {
      const { status = null, message = "" } = attempt?.artifacts ?? {};
      const owner = { taskId: task.id, attempt: attempt?.number ?? null, status, message };
      await writeDocument(stdout, format, { apiVersion, kind: "ArtifactList", ...owner, items: files });
      return;
    }
    case "jsonl":
      for (const file of files) await writeDocument(stdout, format, file);
      return;
    case "name":
      for (const { path } of files) await stdout.write(`${stdout.isTTY ? neutralise(path) : path}\n`);
      return;
    case "text":
    case "wide":
      if (files.length > 0)
        await stdout.write(renderTable(columns(format === "wide"), files, stdout.columns));
      else
        await context.notify({
          en: `Task ${task.id} has no artifacts.`,
          ja: `タスク ${task.id} に成果物はありません。`,
        });
  }
}

function columns(wide: boolean): readonly Column<ArtifactFile>[] {
  return [
    { header: "SIZE", cell: ({ bytes }) => describeBytes(bytes), dropOrder: 2 },
    { header: "SKIPPED", cell: ({ skipped }) => skipped ?? "", dropOrder: 1 },
    ...(wide ? [{ header: "SHA256", cell: ({ sha256 }: ArtifactFile) => sha256 ?? "", dropOrder: 3 }] : []),
    { header: "PATH", cell: ({ path }) => neutralise(path), shrinkTo: 8 },
  ];
}
