import { resolve } from "node:path";
import type { Command } from "commander";
import type { Context } from "../../context/context.ts";
import { databasePath } from "../../context/database.ts";
import { createCommand } from "../../command-line/command.ts";

export interface DbBackupOptions {
  readonly context: Context;
  readonly file: string;
}

export function dbBackupCommand(context: Context, run = runDbBackup): Command {
  return createCommand(context, {
    name: "backup",
    examples: [
      {
        line: "keruta db backup keruta-2026-03-01.db",
        text: {
          en: "a checked copy; tasks go on meanwhile",
          ja: "検査済みのコピー（タスクは止めなくてよい）",
        },
      },
    ],
  })
    .argument("<file>")
    .action(async (file: string) => {
      await run({ context, file: resolve(context.directory, file) });
    });
}

/** Prints the path of the copy. */
export async function runDbBackup({ context, file }: DbBackupOptions): Promise<void> {
  const { backupSqlite } = await import("@keruta/shared/queue/sqlite");
  await backupSqlite({ path: databasePath(context), to: file, random: context.random });
  await context.io.stdout.write(`${file}\n`);
}
