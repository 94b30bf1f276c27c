import { resolve } from "node:path";
import type { Command } from "commander";
import type { Context } from "../../context/context.ts";
import { databaseOf } from "../../context/database.ts";
import { createCommand } from "../../command-line/command.ts";
import { leftToPostgres } from "./left-to-postgres.ts";

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
  const database = databaseOf(context);
  if (database.kind === "postgres")
    throw await leftToPostgres(database, context, (name) => `pg_dump -Fc -f ${file} '${name}'`);
  const { backupSqlite } = await import("@keruta/shared/queue/sqlite");
  await backupSqlite({ path: database.path, to: file, random: context.random });
  await context.io.stdout.write(`${file}\n`);
}
