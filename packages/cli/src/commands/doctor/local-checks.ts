import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { counted } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { placeOf, type Database } from "../../context/database.ts";
import { checkDatabase } from "../db/check.ts";
import { failed, failedWith, ok, warning, type Check } from "./check.ts";

/** Node, and the queue: its server, or its database and the directory of that. */
export async function localChecks(context: Context): Promise<readonly Check[]> {
  const node = nodeCheck(context.machine.nodeVersion);
  try {
    const place = placeOf(context);
    if (place.kind === "api") return [node, await serverCheck(context)];
    return [node, await databaseCheck(context, place), ...(await directoryCheck(context, place))];
  } catch (error) {
    return [node, failedWith("database", error)];
  }
}

async function serverCheck(context: Context): Promise<Check> {
  const name = "api";
  try {
    const queue = await context.openQueue();
    const { drivers } = await queue.queueStatus();
    return ok(name, {
      en: `${queue.name} answers and knows the token; ${counted(drivers, "worker")} ${drivers === 1 ? "is" : "are"} alive`,
      ja: `${queue.name} が応答し、トークンも有効です。稼働中のワーカーは ${String(drivers)} です`,
    });
  } catch (error) {
    return failedWith(name, error);
  }
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

async function databaseCheck(context: Context, database: Database): Promise<Check> {
  const name = "database";
  try {
    const queue = await context.openQueue();
    const [problem, ...others] = (await checkDatabase(database, context.env)).problems;
    if (problem) {
      const count = others.length + 1;
      return failed(
        name,
        {
          en: `${queue.name} has ${counted(count, "problem")}, first: ${problem.rule}: ${problem.detail}`,
          ja: `${queue.name} に ${String(count)} 件の問題があります。最初のもの: ${problem.rule}: ${problem.detail}`,
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

async function directoryCheck(context: Context, database: Database): Promise<readonly Check[]> {
  const name = "state-directory";
  let directory: string;
  let mode: number;
  try {
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
