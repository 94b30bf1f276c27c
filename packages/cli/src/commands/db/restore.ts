import { resolve } from "node:path";
import type { Command } from "commander";
import type { Context } from "../../context/context.ts";
import { databaseOf } from "../../context/database.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { leftToPostgres } from "./left-to-postgres.ts";

export interface DbRestoreOptions {
  readonly context: Context;
  readonly file: string;
  readonly force: boolean;
}

export function dbRestoreCommand(context: Context, run = runDbRestore): Command {
  const command = createCommand(context, {
    name: "restore",
    examples: [
      {
        line: "keruta db restore keruta-2026-03-01.db",
        text: { en: "the backup is checked first", ja: "先にバックアップを検査する" },
      },
    ],
  }).argument("<file>");
  addOptions(context, command, [
    {
      flags: "--force",
      text: {
        en: "even while attempts run in the queue that is replaced",
        ja: "置き換えるキューで試行が実行中でも行う",
      },
    },
  ]);
  return command.action(async (file: string, flags: { readonly force?: boolean }) => {
    await run({ context, file: resolve(context.directory, file), force: flags.force ?? false });
  });
}

export async function runDbRestore({ context, file, force }: DbRestoreOptions): Promise<void> {
  const database = databaseOf(context);
  if (database.kind === "postgres") {
    const command = (name: string) => `pg_restore --clean --if-exists -1 -d '${name}' ${file}`;
    throw await leftToPostgres(database, context, command);
  }
  const { restoreSqlite } = await import("@keruta/shared/queue/sqlite");
  const { clock, random, machine } = context;
  const { path } = database;
  await restoreSqlite({ path, from: file, force, clock, random, processes: machine.processes });
  await context.notify({
    en: `${path} is now what ${file} was.`,
    ja: `${path} を ${file} の内容に戻しました。`,
  });
}
