import { choiceError } from "../errors/usage.ts";

const formats = ["text", "wide", "name", "json", "jsonl", "yaml"] as const;
export type Format = (typeof formats)[number];

/** What `-o` asks of a command that offers `offered`; the first one is used where nothing was asked. */
export function chooseFormat<F extends Format>(asked: string | undefined, offered: readonly [F, ...F[]]): F {
  if (asked === undefined) return offered[0];
  const found = offered.find((format) => format === asked);
  if (found === undefined) throw choiceError("-o", asked, offered);
  return found;
}

/** True where errors are to be told as JSON too. */
export function isJson(asked: string | undefined): boolean {
  return asked === "json" || asked === "jsonl";
}
