import { parseArgs, type ParseArgsConfig } from "node:util";
import { countOption, parsing } from "./usage.ts";

const runDirectoryOption = { type: "string", default: "/keruta-run" } as const;

export const runDirectoryOptionTable = { "run-dir": runDirectoryOption } satisfies ParseArgsConfig["options"];

export const spoolOptionTable = {
  ...runDirectoryOptionTable,
  from: { type: "string", default: "0" },
} satisfies ParseArgsConfig["options"];

/** Of `stop`, `result` and `acknowledge`. */
export function parseRunDirectory(args: readonly string[]): string {
  const options = runDirectoryOptionTable;
  const { values } = parsing(() => parseArgs({ args: [...args], allowPositionals: false, options }));
  return values["run-dir"];
}

export interface SpoolOptions {
  readonly runDirectory: string;
  /** The last sequence that the reader has; 0: none. */
  readonly from: number;
}

export function parseSpoolArguments(args: readonly string[]): SpoolOptions {
  const options = spoolOptionTable;
  const { values } = parsing(() => parseArgs({ args: [...args], allowPositionals: false, options }));
  return { runDirectory: values["run-dir"], from: countOption("from", values.from) };
}
