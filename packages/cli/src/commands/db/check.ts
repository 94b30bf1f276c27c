import type { Command } from "commander";
import { apiVersion, exitCodes } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { databaseOf, type Database } from "../../context/database.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { neutralise } from "../../output/neutralise.ts";
import { createCommand } from "../../command-line/command.ts";

const formats = ["text", "json", "yaml"] as const;

export interface DbCheckOptions {
  readonly context: Context;
  readonly format: (typeof formats)[number];
}

export function dbCheckCommand(context: Context, run = runDbCheck): Command {
  return createCommand(context, {
    name: "check",
    formats,
    examples: [
      {
        line: "keruta db check",
        text: { en: "exit code 0 if it is sound, 1 if not", ja: "健全なら終了コード 0、問題があれば 1" },
      },
    ],
  }).action(async (_: unknown, self: Command) => {
    const { output } = self.optsWithGlobals<{ output?: string }>();
    await run({ context, format: chooseFormat(output, formats) });
  });
}

export async function runDbCheck({ context, format }: DbCheckOptions): Promise<void> {
  const { io, notify } = context;
  const { path, problems } = await checkDatabase(databaseOf(context), context.env);
  const sound = problems.length === 0;
  if (format !== "text") {
    await writeDocument(io.stdout, format, { apiVersion, kind: "DatabaseCheck", path, sound, problems });
  } else {
    await io.stdout.write(problems.map(({ rule, detail }) => `${rule}: ${neutralise(detail)}\n`).join(""));
  }
  if (sound) await notify({ en: `${path} is sound.`, ja: `${path} に問題はありません。` });
  else {
    context.exitCode = exitCodes.failure;
    const count = String(problems.length);
    await context.complain({
      en: `${path} has ${count} problems; \`keruta db restore FILE\` brings a backup back.`,
      ja: `${path} に ${count} 件の問題があります。\`keruta db restore FILE\` でバックアップから復元できます。`,
    });
  }
}

/** The path of a file, or the URL of a database without its password, and what is wrong with it. */
export async function checkDatabase(database: Database, env: Context["env"]) {
  if (database.kind === "postgres") {
    const { checkPostgres, postgresName } = await import("@keruta/shared/queue/postgres");
    const at = { url: database.url, env };
    return { path: postgresName(at), problems: await checkPostgres(at) };
  }
  const { checkSqlite } = await import("@keruta/shared/queue/sqlite");
  return { path: database.path, problems: await checkSqlite({ path: database.path }) };
}
