import { Option } from "commander";
import type { Context } from "../context/context.ts";
import type { CommandEntry } from "./entry.ts";
import { createGlobalOptions } from "./global-options.ts";
import { readLine, type Line } from "./read-line.ts";

/** Reads a line by the options of the command that it names; loads that one only. */
export async function readCommandLine(
  context: Context,
  registry: readonly CommandEntry[],
  argv: readonly string[],
): Promise<Line> {
  return await readLine(argv, {
    registry,
    globals: [
      ...createGlobalOptions(context.translate),
      new Option("-V, --version"),
      new Option("-h, --help"),
    ],
    // The language may stand further on in the line, so this command is not yet the one that runs.
    optionsOf: async ({ load }) => (load ? (await load())(context).options : []),
  });
}
