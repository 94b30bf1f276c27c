import { parseArgs, type ParseArgsConfig } from "node:util";
import { collectOptions, collectOptionTable, type CollectOptions } from "./collect-arguments.ts";
import { countOption, durationOption, parsing, requiredOption, urlOption } from "./usage.ts";

export interface SidecarOptions {
  readonly runDirectory: string;
  readonly artifactsDirectory: string | null;
  readonly patterns: readonly string[];
  /** Milliseconds that a driver has to fetch what is wanted, from the main container's end. */
  readonly grace: number;
  /** The main container runs without an agent, and so leaves nothing in the run directory. */
  readonly unwrapped: boolean;
  /** Where the agent belongs; null: nowhere. */
  readonly installTo: string | null;
  /** Where the artifacts are uploaded to; null: a driver fetches them. */
  readonly upload: SidecarUpload | null;
}

export interface SidecarUpload {
  /** Of the server. */
  readonly apiUrl: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly collect: CollectOptions;
}

export const sidecarOptionTable = {
  ...collectOptionTable,
  grace: { type: "string", default: "300s" },
  unwrapped: { type: "boolean", default: false },
  "install-to": { type: "string" },
  "upload-to": { type: "string" },
  "task-id": { type: "string" },
  attempt: { type: "string", default: "1" },
} satisfies ParseArgsConfig["options"];

/** What `collect` takes may stand here as well: the sidecar of a Pod says what its task wants collected. */
export function parseSidecarArguments(args: readonly string[]): SidecarOptions {
  const { values } = parsing(() =>
    parseArgs({
      args: [...args],
      allowPositionals: false,
      options: sidecarOptionTable,
    }),
  );
  const runDirectory = values["run-dir"] ?? "/keruta-run";
  const apiUrl = urlOption("upload-to", values["upload-to"]);
  return {
    runDirectory,
    artifactsDirectory: values["artifacts-dir"] ?? null,
    patterns: values.artifact,
    grace: durationOption("grace", values.grace),
    unwrapped: values.unwrapped,
    installTo: values["install-to"] ?? null,
    upload:
      apiUrl === null
        ? null
        : {
            apiUrl,
            taskId: requiredOption("task-id", values["task-id"]),
            attempt: countOption("attempt", values.attempt),
            collect: collectOptions({ ...values, "run-dir": runDirectory }),
          },
  };
}
