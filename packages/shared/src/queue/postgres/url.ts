import { KerutaError } from "../../domain/error.ts";
import type { Text } from "../../domain/text.ts";

/** What the URL of a database may say, each with the variable that stands for it where it is silent. */
export const variables = {
  host: "PGHOST",
  port: "PGPORT",
  user: "PGUSER",
  dbname: "PGDATABASE",
  password: "PGPASSWORD",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  options: "PGOPTIONS",
  connect_timeout: "PGCONNECT_TIMEOUT",
} as const;

export type Parameter = keyof typeof variables;

/** The URL's places and parameters alike; a parameter counts more. No error quotes the URL: it may hold a password. */
export function readUrl(text: string): Partial<Record<Parameter, string>> {
  const url = parsed(text);
  const places: Partial<Record<Parameter, string>> = {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port,
    user: url.username,
    password: url.password,
    dbname: url.pathname.slice(1),
  };
  const given: Partial<Record<Parameter, string>> = {};
  for (const [name, value] of Object.entries(places)) {
    if (value !== "") given[name as Parameter] = decoded(value);
  }
  for (const [name, value] of url.searchParams) {
    if (!isParameter(name)) throw unknownParameter(name);
    if (value !== "") given[name] = value;
  }
  return given;
}

function parsed(text: string): URL {
  const url = /^postgres(ql)?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url) return url;
  throw wrongUrl({
    en: "The URL of the database cannot be read.",
    ja: "データベースの URL を解釈できません。",
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrongUrl({
      en: "The URL of the database has a % that no two hexadecimal digits follow.",
      ja: "データベースの URL に、2 桁の 16 進数が続かない % があります。",
    });
  }
}

function isParameter(name: string): name is Parameter {
  return Object.hasOwn(variables, name);
}

function unknownParameter(name: string): KerutaError {
  const known = Object.keys(variables).join(", ");
  return wrongUrl(
    {
      en: `keruta does not know the parameter "${name}" in the URL of the database.`,
      ja: `データベースの URL のパラメーター「${name}」は使えません。`,
    },
    { en: `Leave it out, or use one of ${known}.`, ja: `削除するか、${known} のいずれかを使ってください。` },
  );
}

const form: Text = {
  en: "Write postgres://USER@HOST:5432/DATABASE; / @ : ? # and % inside a name or a password are %2F %40 %3A %3F %23 and %25.",
  ja: "postgres://USER@HOST:5432/DATABASE の形で指定してください。名前やパスワードの中の / @ : ? # % は %2F %40 %3A %3F %23 %25 と書きます。",
};

export function wrongUrl(text: Text, hint: Text = form): KerutaError {
  return new KerutaError("KRT_USAGE", text, { hint });
}
