import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { KerutaError } from "../../domain/error.ts";
import type { Address } from "./address.ts";
import { codeOf } from "../../domain/error-code.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Account = Pick<Address, "host" | "port" | "database" | "user">;

/** The password that the user's file has for an account, or undefined. Throws where others may read the file. */
export function passwordFromFile(account: Account, env: Environment): string | undefined {
  const path = env["PGPASSFILE"] ?? (env["HOME"] === undefined ? undefined : join(env["HOME"], ".pgpass"));
  const text = path === undefined ? undefined : readPrivate(path);
  return text === undefined ? undefined : findPassword(text, account);
}

/** Lines of `host:port:database:user:password`; `*` stands for any, `\` makes `:` and `\` plain. The first counts. */
export function findPassword(text: string, { host, port, database, user }: Account): string | undefined {
  const wanted = [host.startsWith("/") ? "localhost" : host, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = (line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? []).map((field) => field.replace(/:$/, ""));
    const [password, ...rest] = [fields[4], ...fields.slice(0, 4).map(unescaped)];
    const matches = wanted.every((value, n) => rest[n] === "*" || rest[n] === value);
    if (password !== undefined && password !== "" && matches) return unescaped(password);
  }
  return undefined;
}

function unescaped(field: string): string {
  return field.replaceAll(/\\(.)/g, "$1");
}

function readPrivate(path: string): string | undefined {
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw readByOthers(path);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (/^(ENOENT|ENOTDIR|EACCES)$/.test(codeOf(error) ?? "")) return undefined;
    throw error;
  }
}

function readByOthers(path: string): KerutaError {
  return new KerutaError(
    "KRT_DB_UNAUTHORIZED",
    {
      en: `The password file ${path} may be read by other users, and is not used.`,
      ja: `パスワードファイル ${path} はほかの利用者にも読めるため、使いません。`,
    },
    {
      hint: { en: `Run \`chmod 600 ${path}\`.`, ja: `\`chmod 600 ${path}\` を実行してください。` },
      details: { path },
    },
  );
}
