import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Context } from "../../context/context.ts";
import { databaseOf } from "../../context/database.ts";
import { checkDatabase } from "../db/check.ts";
import { failed, failedWith, ok, warning, type Check } from "./check.ts";

/** Node, the queue's database and its directory. */
export async function localChecks(context: Context): Promise<readonly Check[]> {
  const database = await databaseCheck(context);
  return [nodeCheck(context.machine.nodeVersion), database, ...(await directoryCheck(context))];
}

/** As `engines` of the package says. */
const oldestNode = 24;

function nodeCheck(version: string): Check {
  const message = { en: `Node.js ${version}`, ja: `Node.js ${version}` };
  if (Number.parseInt(version, 10) >= oldestNode) return ok("node", message);
  return failed("node", message, {
    en: `Install Node.js ${String(oldestNode)} or newer.`,
    ja: `Node.js ${String(oldestNode)} 以上をインストールしてください。`,
  });
}

async function databaseCheck(context: Context): Promise<Check> {
  const name = "database";
  try {
    const database = databaseOf(context);
    const queue = await context.openQueue();
    const [problem, ...others] = (await checkDatabase(database, context.env)).problems;
    if (problem) {
      const count = String(others.length + 1);
      return failed(
        name,
        {
          en: `${queue.name} has ${count} problems, first: ${problem.rule}: ${problem.detail}`,
          ja: `${queue.name} に ${count} 件の問題があります。最初のもの: ${problem.rule}: ${problem.detail}`,
        },
        {
          en: "`keruta db check` lists them, `keruta db restore FILE` brings a backup back.",
          ja: "`keruta db check` で一覧し、`keruta db restore FILE` でバックアップから復元できます。",
        },
      );
    }
    // A whole write transaction that removes what nobody has stored.
    await queue.writeSettings({ "keruta.doctor": null }, context.user);
    return ok(name, {
      en: `${queue.name} is whole and can be written`,
      ja: `${queue.name} は正常で、書き込めます`,
    });
  } catch (error) {
    return failedWith(name, error);
  }
}

async function directoryCheck(context: Context): Promise<readonly Check[]> {
  const name = "state-directory";
  let directory: string;
  let mode: number;
  try {
    const database = databaseOf(context);
    directory = database.kind === "sqlite" ? dirname(database.path) : context.paths.state;
    mode = (await stat(directory)).mode & 0o777;
  } catch {
    // The check of the database has told why there is none.
    return [];
  }
  const text = `${directory} (${mode.toString(8).padStart(4, "0")})`;
  if ((mode & 0o077) === 0)
    return [ok(name, { en: `${text} is yours alone`, ja: `${text} は本人だけが使えます` })];
  return [
    warning(
      name,
      {
        en: `${text} is open to other users of this machine`,
        ja: `${text} にほかの利用者もアクセスできます`,
      },
      {
        en: `Logs and task files may hold what others should not read: \`chmod 700 ${directory}\`.`,
        ja: `ログなどに他人に見せられない内容が含まれることがあります。\`chmod 700 ${directory}\` を実行してください。`,
      },
    ),
  ];
}
