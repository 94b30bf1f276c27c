import { parseArgs, type ParseArgsConfig } from "node:util";
import { collectedOptionTable } from "./collect-arguments.ts";
import {
  bytesOption,
  choiceOption,
  countOption,
  durationOption,
  parsing,
  requiredOption,
  urlOption,
} from "./usage.ts";

export interface RunOptions {
  readonly taskId: string;
  readonly runDirectory: string;
  /** The command's working directory; null: the agent's own. */
  readonly workspace: string | null;
  /** Milliseconds from the command's first start, its restarts included; null: none. */
  readonly timeout: number | null;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly grace: number;
  readonly restarts: number;
  readonly maskNames: readonly string[];
  readonly controlFd: number | null;
  readonly controlLines: boolean;
  readonly spoolBytes: number;
  readonly terminationMessage: string | null;
  /** Appended to the command's PATH, so that it finds `keruta-agent`. */
  readonly binDirectory: string | null;
  readonly artifactsDirectory: string | null;
  /** Patterns of the task's artifacts. */
  readonly patterns: readonly string[];
  /** Directories besides the workspace that others see too. */
  readonly volumes: readonly string[];
  /** Of one file that is copied into the artifacts directory, and of all. */
  readonly maxBytes: number;
  readonly maxTotalBytes: number;
  /** The API server; null: nobody is told anything. */
  readonly apiUrl: string | null;
  readonly attempt: number;
  /** Milliseconds after the command's end for what the server was not told yet. */
  readonly reportWait: number;
  /** Empty: the task file says what to run. */
  readonly command: readonly string[];
}

const defaultRestarts = "5";

export const runOptionTable = {
  "task-id": { type: "string" },
  "api-url": { type: "string" },
  attempt: { type: "string" },
  "report-wait": { type: "string", default: "10s" },
  "run-dir": { type: "string", default: "/keruta-run" },
  workspace: { type: "string" },
  ...collectedOptionTable,
  timeout: { type: "string" },
  grace: { type: "string", default: "30s" },
  "restart-policy": { type: "string", default: "Never" },
  restarts: { type: "string", default: defaultRestarts },
  "mask-env": { type: "string", multiple: true, default: [] as string[] },
  "control-fd": { type: "string" },
  "control-lines": { type: "string", default: "on" },
  "spool-bytes": { type: "string", default: "1Gi" },
  "termination-message": { type: "string" },
  "bin-dir": { type: "string" },
} satisfies ParseArgsConfig["options"];

/**
 * `env`: the agent's own environment, where the server is named as in the first version's Pods. Under a driver of this
 * machine only an argument names one: the environment is the user's, who may mean keruta itself by it.
 */
export function parseRunArguments(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunOptions {
  const end = args.indexOf("--");
  const own = end === -1 ? args : args.slice(0, end);
  const { values } = parsing(() =>
    parseArgs({
      args: [...own],
      allowPositionals: false,
      options: runOptionTable,
    }),
  );
  const policy = choiceOption("restart-policy", values["restart-policy"], ["Never", "OnFailure"]);
  const restarts = countOption("restarts", values.restarts);
  const controlFd = values["control-fd"];
  return {
    taskId: requiredOption("task-id", values["task-id"]),
    apiUrl: urlOption(
      "api-url",
      values["api-url"] ?? (controlFd === undefined ? env["KERUTA_API_URL"] : undefined),
    ),
    attempt: countOption("attempt", values.attempt ?? (env["KERUTA_ATTEMPT"] || "1")),
    reportWait: durationOption("report-wait", values["report-wait"]),
    runDirectory: values["run-dir"],
    workspace: values.workspace ?? null,
    timeout: values.timeout === undefined ? null : durationOption("timeout", values.timeout),
    grace: durationOption("grace", values.grace),
    restarts: policy === "OnFailure" ? restarts : 0,
    maskNames: values["mask-env"],
    controlFd: controlFd === undefined ? null : countOption("control-fd", controlFd),
    controlLines: choiceOption("control-lines", values["control-lines"], ["on", "off"]) === "on",
    spoolBytes: bytesOption("spool-bytes", values["spool-bytes"]),
    terminationMessage: values["termination-message"] ?? null,
    binDirectory: values["bin-dir"] ?? null,
    artifactsDirectory: values["artifacts-dir"] ?? null,
    patterns: values.artifact,
    volumes: values.volume,
    maxBytes: bytesOption("max-bytes", values["max-bytes"]),
    maxTotalBytes: bytesOption("max-total-bytes", values["max-total-bytes"]),
    command: end === -1 ? [] : args.slice(end + 1),
  };
}
