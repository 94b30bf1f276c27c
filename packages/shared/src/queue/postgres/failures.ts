import { isKerutaError, KerutaError } from "../../domain/error.ts";
import { codeOf } from "../../domain/error-code.ts";
import type { Text } from "../../domain/text.ts";
import { Outdated } from "../sql/program.ts";
import type { Address } from "./address.ts";
import { meanings } from "./meanings.ts";

/** What became of a change, undefined of a read: `unknown` where the connection broke between asking for the commit and hearing of it. */
export type Stored = "nothing" | "unknown";

/** What an error of the driver or the server means for a person, or undefined where it is our bug. */
export function failureOf(error: unknown, address: Address, stored?: Stored): KerutaError | undefined {
  const cause = databaseCodeOf(error);
  const meaning = cause === undefined ? undefined : meanings.find(({ codes }) => codes.test(cause));
  if (cause === undefined || meaning === undefined) return undefined;
  const { host, port, user, database, name } = address;
  const words = error instanceof Error && "severity" in error ? error.message : cause;
  const facts: Readonly<Record<string, string>> = {
    NAME: name,
    PLACE: host.startsWith("/") ? host : `${host}:${String(port)}`,
    USER: user,
    DATABASE: database,
    WORDS: words.replace(/\.$/, ""),
  };
  const outcome = stored === "nothing" ? nothingStored : { en: "", ja: "" };
  const { fact, hint } = stored === "unknown" && meaning.unknown ? meaning.unknown : meaning;
  return new KerutaError(meaning.code, filled(fact, facts, outcome), {
    hint: filled(hint, facts),
    cause: error,
    details: { database: name, cause, transient: meaning.transient, ...(stored && { stored }) },
  });
}

const nothingStored: Text = {
  en: ", and nothing of this change was stored",
  ja: "（この変更は保存されていません）",
};

function filled({ en, ja }: Text, facts: Readonly<Record<string, string>>, outcome?: Text): Text {
  const fill = (text: string, last = "") =>
    text.replaceAll(/\{([A-Z]+)\}/g, (whole, name: string) =>
      name === "OUTCOME" ? last : (facts[name] ?? whole),
    );
  return { en: fill(en, outcome?.en), ja: fill(ja, outcome?.ja) };
}

/** The driver has no codes for what it finds itself. */
const driverWords: readonly (readonly [words: RegExp, code: string])[] = [
  [/^Connection terminated|connection error and is not queryable|^Client was closed/, "CONNECTION_LOST"],
  [/^Query read timeout/, "NO_ANSWER"],
  [/^timeout expired/, "CONNECT_TIMEOUT"],
  [/^timeout exceeded when trying to connect/, "NO_FREE_CONNECTION"],
  [/does not support SSL connections/, "NO_TLS"],
  [/client password must be a/, "NO_PASSWORD"],
];

/** SQLSTATE, Node's code, or a word for what the driver says; undefined for what is not of the database. */
export function databaseCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || isKerutaError(error)) return undefined;
  if (error instanceof Outdated) return "OUTDATED";
  return codeOf(error) ?? driverWords.find(([words]) => words.test(error.message))?.[1];
}

/** False where the connection can be used after the error. */
export function endsConnection(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof Outdated || databaseCodeOf(error) === undefined)
    return false;
  return !("severity" in error) || error.severity !== "ERROR";
}

/**
 * Whether the same program may simply be run again: it came in another's way and nothing of it was stored.
 * 23505: two that add the same request id, of which the later one finds the earlier on its next run.
 */
export function isCollision(error: unknown): boolean {
  return /^(40001|40P01|23505|OUTDATED)$/.test(databaseCodeOf(error) ?? "");
}
