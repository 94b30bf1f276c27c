import { parseArgs, type ParseArgsConfig } from "node:util";
import { bytesOption, countOption, parsing, requiredOption, usageError } from "./usage.ts";

export interface CollectOptions {
  readonly runDirectory: string | null;
  readonly workspace: string;
  readonly artifactsDirectory: string | null;
  readonly patterns: readonly string[];
  readonly volumes: readonly string[];
  readonly volumesElsewhere: readonly VolumeElsewhere[];
  /** Of one file. */
  readonly maxBytes: number;
  readonly maxTotalBytes: number;
  /** Files that the receiver has already: so many of those that are sent are left out. */
  readonly from: number;
  /** Bytes of the first file that is sent which the receiver has already. */
  readonly offset: number;
}

/** A volume that lies elsewhere here than for the command. */
interface VolumeElsewhere {
  readonly path: string;
  readonly commandPath: string;
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
  "volume-at": { type: "string", multiple: true, default: [] as string[] },
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
  readonly "volume-at": readonly string[];
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
    volumesElsewhere: values["volume-at"].map(volumeElsewhere),
    maxBytes: bytesOption("max-bytes", values["max-bytes"]),
    maxTotalBytes: bytesOption("max-total-bytes", values["max-total-bytes"]),
    from: countOption("from", values.from),
    offset: countOption("offset", values.offset),
  };
}

/** The first `=` divides: the path here is keruta's own and has none. */
function volumeElsewhere(value: string): VolumeElsewhere {
  const end = value.indexOf("=");
  const [path, commandPath] = [value.slice(0, end), value.slice(end + 1)];
  if (end !== -1 && path.startsWith("/") && commandPath.startsWith("/")) return { path, commandPath };
  throw usageError({
    en: `--volume-at cannot be "${value}"; it is for example /keruta-volumes/out=/workspace/out.`,
    ja: `--volume-at に「${value}」は指定できません。例: /keruta-volumes/out=/workspace/out`,
  });
}
