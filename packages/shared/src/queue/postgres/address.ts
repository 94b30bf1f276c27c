import { passwordFromFile } from "./password-file.ts";
import { readUrl, variables, wrongUrl, type Parameter } from "./url.ts";

const tlsModes = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;
type TlsMode = (typeof tlsModes)[number];

export interface TlsWish {
  readonly mode: TlsMode;
  /** Paths of PEM files. */
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** Where a database is and who asks for it, as psql would take it from the same URL and environment. */
export interface Address {
  /** The directory of a socket where it begins with `/`. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Asked for only where the server wants it. Throws for a password file that others may read. */
  readonly password: () => string | undefined;
  readonly tls: TlsWish;
  /** Settings of the session, such as `-csearch_path=keruta`. */
  readonly options: string | undefined;
  readonly connectSeconds: number;
  /** The URL without password and most parameters. */
  readonly name: string;
}

export interface UrlAndEnvironment {
  /** `postgres://user@host/database`, with parameters as psql takes them. */
  readonly url: string;
  /** Where PG… variables are looked up that the URL leaves open. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The name under which a queue is shown. Throws KRT_USAGE. */
export function postgresName(from: UrlAndEnvironment): string {
  return parseAddress(from).name;
}

/** Throws KRT_USAGE. */
export function parseAddress({ url, env = {} }: UrlAndEnvironment): Address {
  const given = readUrl(url);
  const valueOf = (name: Parameter): string | undefined => {
    const fallback = env[variables[name]];
    return given[name] ?? (fallback === "" ? undefined : fallback);
  };
  const numberOf = (name: Parameter, otherwise: number, most: number): number =>
    wholeNumber(name, valueOf(name) ?? String(otherwise), most);
  const user = valueOf("user") ?? env["USER"] ?? "";
  if (user === "") {
    throw wrongUrl({
      en: "The URL of the database names no user.",
      ja: "データベースの URL にユーザーがありません。",
    });
  }
  const place = {
    host: valueOf("host") ?? "localhost",
    port: numberOf("port", 5432, 65_535),
    user,
    database: valueOf("dbname") ?? user,
  };
  return {
    ...place,
    password: () => valueOf("password") ?? passwordFromFile(place, env),
    tls: {
      mode: tlsModeOf(valueOf("sslmode") ?? "prefer"),
      rootCertificate: valueOf("sslrootcert"),
      certificate: valueOf("sslcert"),
      key: valueOf("sslkey"),
    },
    options: valueOf("options"),
    connectSeconds: numberOf("connect_timeout", 10, 600),
    name: nameOf(place),
  };
}

function tlsModeOf(text: string): TlsMode {
  // `allow` tries without TLS first, which is never better than trying with it.
  const wanted = text === "allow" ? "prefer" : text;
  const known = tlsModes.find((mode) => mode === wanted);
  if (known) return known;
  throw wrongUrl(
    { en: `"${text}" is not an sslmode.`, ja: `「${text}」は sslmode の値ではありません。` },
    { en: `Use one of ${tlsModes.join(", ")}.`, ja: `${tlsModes.join("、")} のいずれかを指定してください。` },
  );
}

function wholeNumber(name: Parameter, text: string, most: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw wrongUrl(
    {
      en: `"${text}" cannot be the ${name} of a database.`,
      ja: `「${text}」はデータベースの ${name} として使えません。`,
    },
    {
      en: `Give a whole number from 1 to ${String(most)}.`,
      ja: `1 から ${String(most)} までの整数を指定してください。`,
    },
  );
}

function nameOf({
  host,
  port,
  user,
  database,
}: Pick<Address, "host" | "port" | "user" | "database">): string {
  const [by, path] = [encodeURIComponent(user), encodeURIComponent(database)];
  if (host.startsWith("/")) return `postgres:///${path}?host=${host}&user=${by}`;
  const shown = host.includes(":") ? `[${host}]` : host;
  return `postgres://${by}@${shown}${port === 5432 ? "" : `:${String(port)}`}/${path}`;
}
