import type { Command } from "commander";
import { apiVersion, taskStatuses } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { pad } from "../../output/width.ts";
import { createCommand } from "../../command-line/command.ts";

const formats = ["text", "json", "yaml"] as const;

export interface QueueStatusOptions {
  readonly context: Context;
  readonly format: (typeof formats)[number];
}

export function queueStatusCommand(context: Context, run = runQueueStatus): Command {
  return createCommand(context, {
    name: "status",
    formats,
    examples: [{ line: "keruta queue status", text: { en: "counts by status", ja: "状態ごとの件数" } }],
  }).action(async (_: unknown, self: Command) => {
    const { output } = self.optsWithGlobals<{ output?: string }>();
    await run({ context, format: chooseFormat(output, formats) });
  });
}

export async function runQueueStatus({ context, format }: QueueStatusOptions): Promise<void> {
  const { io, translate } = context;
  const queue = await context.openQueue();
  const { paused, counts, drivers } = await queue.queueStatus();
  if (format !== "text") {
    const document = {
      apiVersion,
      kind: "QueueStatus",
      name: queue.name,
      uid: queue.uid,
      paused,
      counts,
      drivers,
    };
    await writeDocument(io.stdout, format, document);
    return;
  }
  const state = paused ? { en: "paused", ja: "一時停止中" } : { en: "running", ja: "稼働中" };
  const rows = [
    [translate({ en: "Queue", ja: "キュー" }), queue.name],
    [translate({ en: "State", ja: "状態" }), translate(state)],
    [translate({ en: "Workers", ja: "ワーカー" }), String(drivers)],
    ...taskStatuses.map((status) => [status, String(counts[status])]),
  ];
  await io.stdout.write(rows.map(([name = "", value = ""]) => `${pad(name, 12)} ${value}\n`).join(""));
}
