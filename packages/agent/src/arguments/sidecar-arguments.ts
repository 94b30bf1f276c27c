import { parseArgs } from "node:util";
import { collectOptionTable } from "./collect-arguments.ts";
import { durationOption, parsing } from "./usage.ts";

export interface SidecarOptions {
  readonly runDirectory: string;
  readonly artifactsDirectory: string | null;
  readonly patterns: readonly string[];
  /** Milliseconds that a driver has to fetch what is wanted, from the main container's end. */
  readonly grace: number;
  /** The main container runs without an agent, and so leaves nothing in the run directory. */
  readonly unwrapped: boolean;
}

/** What `collect` takes may stand here as well: the sidecar of a Pod says what its task wants collected. */
export function parseSidecarArguments(args: readonly string[]): SidecarOptions {
  const { values } = parsing(() =>
    parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        ...collectOptionTable,
        grace: { type: "string", default: "300s" },
        unwrapped: { type: "boolean", default: false },
      },
    }),
  );
  return {
    runDirectory: values["run-dir"] ?? "/keruta-run",
    artifactsDirectory: values["artifacts-dir"] ?? null,
    patterns: values.artifact,
    grace: durationOption("grace", values.grace),
    unwrapped: values.unwrapped,
  };
}
