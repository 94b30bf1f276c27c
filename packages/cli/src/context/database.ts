import { join, resolve } from "node:path";
import { KerutaError } from "@keruta/shared/domain";
import { usageError } from "../errors/usage.ts";
import type { Context } from "./context.ts";

type Surroundings = Pick<Context, "globals" | "env" | "paths" | "directory">;

/** Where the queue is. */
export type Database =
  | { readonly kind: "sqlite"; readonly path: string }
  /** As the user gave it: it may hold a password. */
  | { readonly kind: "postgres"; readonly url: string };

/** `--db`, KERUTA_DB, or a SQLite file in the state directory. */
export function databaseOf({ globals, env, paths, directory }: Surroundings): Database {
  refuseServer(
    globals.apiUrl ?? env["KERUTA_API_URL"],
    globals.apiUrl === undefined ? "KERUTA_API_URL" : "--api-url",
  );
  const url = globals.db ?? emptyToUndefined(env["KERUTA_DB"]);
  if (url === undefined) return { kind: "sqlite", path: join(paths.state, "keruta.db") };
  if (globals.db !== undefined && hasPassword(url)) {
    throw usageError(
      {
        en: "A --db URL must not hold a password: other users of this machine can read it.",
        ja: "--db の URL にパスワードを含めることはできません。同じマシンのほかの利用者に見えてしまいます。",
      },
      {
        en: "Put the URL into KERUTA_DB, or the password into PGPASSFILE.",
        ja: "URL は KERUTA_DB に、パスワードは PGPASSFILE に置いてください。",
      },
    );
  }
  const scheme = /^([a-z][a-z0-9+]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "postgres" || scheme === "postgresql") return { kind: "postgres", url };
  if (scheme === "sqlite")
    return { kind: "sqlite", path: sqlitePath(url.slice("sqlite:".length), directory) };
  if (scheme !== undefined && url.includes("://")) throw unsupported(scheme);
  return { kind: "sqlite", path: sqlitePath(url, directory) };
}

/** `--db` and `--api-url` name two different queues. */
export function refuseTwoQueues({ db, apiUrl }: Surroundings["globals"]): void {
  if (db === undefined || apiUrl === undefined) return;
  throw usageError(
    { en: "--db and --api-url name two queues.", ja: "--db と --api-url は同時に指定できません。" },
    { en: "Give one of them.", ja: "どちらか一方を指定してください。" },
  );
}

function sqlitePath(text: string, directory: string): string {
  const path = text.startsWith("///") ? text.slice(2) : text;
  if (path !== "" && !path.includes("\0")) return resolve(directory, path);
  throw usageError(
    { en: "The database has no path.", ja: "データベースのパスがありません。" },
    { en: "Write --db sqlite:PATH.", ja: "--db sqlite:PATH の形で指定してください。" },
  );
}

function hasPassword(url: string): boolean {
  return /^[a-z][a-z0-9+]*:\/\/[^/@]*:[^/@]*@/i.test(url) || /[?&]password=/i.test(url);
}

function unsupported(scheme: string): KerutaError {
  return new KerutaError(
    "KRT_DB_UNSUPPORTED",
    {
      en: `keruta keeps its queue in SQLite or PostgreSQL, not in "${scheme}:".`,
      ja: `keruta のキューは SQLite か PostgreSQL に置きます。「${scheme}:」には対応していません。`,
    },
    {
      hint: {
        en: "Use --db sqlite:PATH or postgres://USER@HOST/DATABASE, or leave --db and KERUTA_DB out.",
        ja: "--db sqlite:PATH か postgres://USER@HOST/DATABASE を使うか、--db と KERUTA_DB を指定しないでください。",
      },
      details: { scheme },
    },
  );
}

function refuseServer(url: string | undefined, origin: string): void {
  if (url === undefined || url === "") return;
  throw new KerutaError(
    "KRT_DB_UNSUPPORTED",
    {
      en: `${origin} names a server, which this version cannot use yet.`,
      ja: `${origin} にサーバーが指定されていますが、このバージョンはまだサーバーに対応していません。`,
    },
    {
      hint: {
        en: "Leave it out, or use --db sqlite:PATH.",
        ja: "指定を外すか、--db sqlite:PATH を使ってください。",
      },
    },
  );
}

function emptyToUndefined(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
