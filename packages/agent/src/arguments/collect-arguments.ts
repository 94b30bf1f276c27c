import { parseArgs, type ParseArgsConfig } from "node:util";
import { bytesOption, countOption, parsing, requiredOption } from "./usage.ts";

export interface CollectOptions {
  readonly runDirectory: string | null;
  readonly workspace: string;
  readonly artifactsDirectory: string | null;
  readonly patterns: readonly string[];
  readonly volumes: readonly string[];
  /** Of one file. */
  readonly maxBytes: number;
  readonly maxTotalBytes: number;
  /** Files that the receiver has already: so many of those that are sent are left out. */
  readonly from: number;
  /** Bytes of the first file that is sent which the receiver has already. */
  readonly offset: number;
}

/** What is collected: `run` takes it too, for files that only its own container has. */
export const collectedOptionTable = {
  "artifacts-dir": { type: "string" },
  artifact: { type: "string", multiple: true, default: [] as string[] },
  volume: { type: "string", multiple: true, default: [] as string[] },
  "max-bytes": { type: "string", default: "100Mi" },
  "max-total-bytes": { type: "string", default: "1Gi" },
} satisfies ParseArgsConfig["options"];

export const collectOptionTable = {
  ...collectedOptionTable,
  "run-dir": { type: "string" },
  workspace: { type: "string" },
  from: { type: "string", default: "0" },
  offset: { type: "string", default: "0" },
} satisfies ParseArgsConfig["options"];

export function parseCollectArguments(args: readonly string[]): CollectOptions {
  const { values } = parsing(() =>
    parseArgs({
      args: [...args],
      allowPositionals: false,
      options: collectOptionTable,
    }),
  );
  return collectOptions(values);
}

interface CollectValues {
  readonly "run-dir"?: string | undefined;
  readonly workspace?: string | undefined;
  readonly "artifacts-dir"?: string | undefined;
  readonly artifact: readonly string[];
  readonly volume: readonly string[];
  readonly "max-bytes": string;
  readonly "max-total-bytes": string;
  readonly from: string;
  readonly offset: string;
}

export function collectOptions(values: CollectValues): CollectOptions {
  return {
    runDirectory: values["run-dir"] ?? null,
    workspace: requiredOption("workspace", values.workspace),
    artifactsDirectory: values["artifacts-dir"] ?? null,
    patterns: values.artifact,
    volumes: values.volume,
    maxBytes: bytesOption("max-bytes", values["max-bytes"]),
    maxTotalBytes: bytesOption("max-total-bytes", values["max-total-bytes"]),
    from: countOption("from", values.from),
    offset: countOption("offset", values.offset),
  };
}
