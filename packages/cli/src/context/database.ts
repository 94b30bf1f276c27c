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

/** A queue behind a server: its URL without `/api`. */
export interface Server {
  readonly kind: "api";
  readonly url: string;
}

/** `--api-url`, `--db`, KERUTA_API_URL, KERUTA_DB, or a SQLite file in the state directory. */
export function placeOf({ globals, env, paths, directory }: Surroundings): Database | Server {
  const server =
    globals.apiUrl ?? (globals.db === undefined ? emptyToUndefined(env["KERUTA_API_URL"]) : undefined);
  if (server !== undefined) return { kind: "api", url: serverUrl(server) };
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

/** For what only whoever sits on the database itself can do. */
export function databaseOf(surroundings: Surroundings): Database {
  const place = placeOf(surroundings);
  if (place.kind === "api") throw onServer(place.url);
  return place;
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

/** The server's own address: what is copied from a browser or from a Pod's environment may end in `/api`. */
function serverUrl(text: string): string {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.password !== "") {
    throw usageError(
      {
        en: `"${parsed ? `${parsed.protocol}//${parsed.host}` : text}" is no address of a keruta server.`,
        ja: `「${parsed ? `${parsed.protocol}//${parsed.host}` : text}」は keruta サーバーのアドレスではありません。`,
      },
      {
        en: "Write --api-url https://HOST[:PORT]; the token goes into --token-file or KERUTA_API_TOKEN.",
        ja: "--api-url https://HOST[:PORT] の形で指定し、トークンは --token-file か KERUTA_API_TOKEN で渡してください。",
      },
    );
  }
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, "").replace(/\/api$/, "")}`;
}

function emptyToUndefined(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function onServer(url: string): KerutaError {
  return new KerutaError(
    "KRT_DB_UNSUPPORTED",
    {
      en: `The queue is behind the server ${url}, and this needs its database itself.`,
      ja: `キューはサーバー ${url} にあります。この操作はデータベースに直接行う必要があります。`,
    },
    {
      hint: {
        en: "Run it where the database is, with --db.",
        ja: "データベースのある場所で --db を指定して実行してください。",
      },
      details: { url },
    },
  );
}
