import { parseArgs, type ParseArgsConfig } from "node:util";
import { parsing, usageError } from "./usage.ts";

export interface InstallOptions {
  /** Gets `bin` and `lib`. */
  readonly directory: string;
  /** Gets the task file and the directory of artifacts; null: neither. */
  readonly runDirectory: string | null;
}

export const installOptionTable = { "run-dir": { type: "string" } } satisfies ParseArgsConfig["options"];

export function parseInstallArguments(args: readonly string[]): InstallOptions {
  const { values, positionals } = parsing(() =>
    parseArgs({ args: [...args], allowPositionals: true, options: installOptionTable }),
  );
  const [directory] = positionals;
  if (directory === undefined || positionals.length > 1) {
    throw usageError({
      en: `"install" takes one directory, and got ${String(positionals.length)}.`,
      ja: `「install」に指定するディレクトリは 1 つです (${String(positionals.length)} 個ありました)。`,
    });
  }
  return { directory, runDirectory: values["run-dir"] ?? null };
}
