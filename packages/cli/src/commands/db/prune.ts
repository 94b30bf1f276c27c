import type { Command } from "commander";
import { apiVersion, exitCodes, type KerutaError } from "@keruta/shared/domain";
import { createCommand } from "../../command-line/command.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { artifactStore } from "../../context/artifact-store.ts";
import type { Context } from "../../context/context.ts";
import { usualRetention } from "../../context/retention.ts";
import { interruptible } from "../../context/signals.ts";
import { writeDocument } from "../../output/document.ts";

const formats = ["text", "json", "yaml"] as const;

export interface DbPruneOptions {
  readonly context: Context;
  readonly format: (typeof formats)[number];
}

export function dbPruneCommand(context: Context, run = runDbPrune): Command {
  return createCommand(context, {
    name: "prune",
    formats,
    examples: [
      {
        line: "keruta db prune",
        text: {
          en: "remove logs, artifacts and tasks that are over their time; `keruta serve` does it by itself",
          ja: "保存期間を過ぎたログ・成果物・タスクを削除（`keruta serve` は自動で行う）",
        },
      },
    ],
  }).action(async (_: unknown, self: Command) => {
    const { output } = self.optsWithGlobals<{ output?: string }>();
    await run({ context, format: chooseFormat(output, formats) });
  });
}

export async function runDbPrune({ context, format }: DbPruneOptions): Promise<void> {
  const { removeAllExpired } = await import("@keruta/server/retention");
  const { removeUnusedArchives } = await import("@keruta/server/archive");
  const { reclaimSpace } = await import("@keruta/server/upkeep");
  const { queue, retention, logArchive } = await context.openStore();
  try {
    const settings = await context.settings();
    const deps = {
      queue,
      retention,
      usual: usualRetention(settings),
      artifactRoot: artifactStore(context.paths, settings),
      clock: context.clock,
    };
    const { clock } = context;
    const warn = (error: KerutaError) => void context.notify(error.text);
    const { interrupted, value: removed } = await interruptible(context.signals, async (signal) => {
      const expired = await removeAllExpired({ ...deps, signal });
      const archiveObjects = await removeUnusedArchives({
        store: logArchive,
        clock,
        signal,
        warn,
      });
      await reclaimSpace({ store: logArchive, signal, warn });
      return { ...expired, archiveObjects };
    });
    if (interrupted) context.exitCode = exitCodes.cancelled;
    if (format !== "text") {
      await writeDocument(context.io.stdout, format, { apiVersion, kind: "PruneResult", removed });
      return;
    }
    const logs = String(removed.logs);
    const artifacts = String(removed.artifacts);
    const tasks = String(removed.tasks);
    await context.notify({
      en: `removed the logs of ${logs} tasks, the artifacts of ${artifacts}, and ${tasks} tasks`,
      ja: `ログ ${logs} 件、成果物 ${artifacts} 件、タスク ${tasks} 件を削除しました`,
    });
  } finally {
    await queue.close();
  }
}
