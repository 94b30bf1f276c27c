import { parseDuration } from "../duration.ts";
import { parseBytes } from "../quantity.ts";
import type { Settings } from "../settings/effective.ts";
import type { NewTask } from "./task.ts";
import type { Repository, RunnerName, TaskSpec } from "./spec.ts";

const titleCharacters = 60;

/** Fills in what a task file may leave out. Without a title the task is called by what it runs. */
export function completeTask(task: Partial<NewTask>): NewTask {
  const { title = "", description = "", priority = 0, labels = {}, spec = {} } = task;
  return { title: title === "" ? titleOf(spec) : title, description, priority, labels, spec };
}

/** What a runner works by: the task's word, else the settings'. Times are milliseconds, sizes bytes. */
export interface CompleteSpec {
  readonly runner: RunnerName;
  /** null: nobody names one. */
  readonly image: string | null;
  readonly namespace: string;
  /** Empty: the script, or else the image's own entrypoint. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly script: string | null;
  readonly timeout: number;
  readonly pendingTimeout: number;
  readonly stopGrace: number;
  readonly retry: { readonly attempts: number; readonly on: readonly string[]; readonly backoff: number };
  readonly restartPolicy: "Never" | "OnFailure";
  readonly restarts: number;
  readonly agent: "inject" | "image" | "none";
  /** null: nothing is cloned. */
  readonly repository: CompleteRepository | null;
  readonly workspace: string;
  readonly artifacts: {
    readonly paths: readonly string[];
    readonly maxFileBytes: number;
    readonly maxTotalBytes: number;
    readonly required: boolean;
  };
  readonly retention: { readonly logs: number; readonly artifacts: number };
}

export type CompleteRepository = Required<Omit<Repository, "ref" | "secret">> & {
  /** null: the repository's own default. */
  readonly ref: string | null;
  readonly secret: string | null;
};

/** Throws KRT_SETTING_INVALID where a setting that is needed has a wrong text. */
export function completeSpec(spec: TaskSpec, settings: Settings): CompleteSpec {
  const script = textOr(spec.script, null);
  const ownCommand = spec.command ?? [];
  const repository = completeRepository(spec.repository, settings);
  return {
    runner: spec.runner ?? (settings.get("keruta.kubernetes.enabled") ? "kubernetes" : "local"),
    image: textOr(spec.image, textOr(settings.get("keruta.kubernetes.default-image"), null)),
    namespace: textOr(spec.namespace, settings.get("keruta.kubernetes.default-namespace")),
    command:
      ownCommand.length > 0 || script !== null ? ownCommand : settings.get("keruta.job.default-command"),
    args: spec.args ?? [],
    script,
    timeout: durationOr(spec.timeout, () => settings.get("keruta.agent.timeout")),
    pendingTimeout: durationOr(spec.pendingTimeout, () => settings.get("keruta.job.pending-timeout")),
    stopGrace: settings.get("keruta.agent.stop-grace"),
    retry: {
      attempts: spec.retry?.attempts ?? settings.get("keruta.retry.attempts"),
      on: spec.retry?.on?.map(String) ?? settings.get("keruta.retry.on"),
      backoff: durationOr(spec.retry?.backoff, () => settings.get("keruta.retry.backoff")),
    },
    restartPolicy: spec.restartPolicy ?? "Never",
    restarts: spec.restarts ?? 5,
    agent: spec.agent ?? "inject",
    repository,
    workspace: repository?.path ?? textOr(spec.repository?.path, settings.get("keruta.git.path")),
    artifacts: {
      paths: spec.artifacts?.paths ?? [],
      maxFileBytes: bytesOr(spec.artifacts?.maxBytes, () => settings.get("keruta.artifacts.max-bytes")),
      maxTotalBytes: settings.get("keruta.artifacts.max-total-bytes"),
      required: spec.artifacts?.required ?? false,
    },
    retention: {
      logs: durationOr(spec.retention?.logs, () => settings.get("keruta.logs.retention")),
      artifacts: durationOr(spec.retention?.artifacts, () => settings.get("keruta.artifacts.retention")),
    },
  };
}

function completeRepository(own: Repository | undefined, settings: Settings): CompleteRepository | null {
  const url = textOr(own?.url, settings.get("keruta.git.url"));
  if (url === "") return null;
  return {
    url,
    ref: textOr(own?.ref, textOr(settings.get("keruta.git.ref"), null)),
    depth: own?.depth ?? 0,
    path: textOr(own?.path, settings.get("keruta.git.path")),
    secret: textOr(own?.secret, textOr(settings.get("keruta.git.secret"), null)),
    submodules: own?.submodules ?? false,
    clean: own?.clean ?? false,
  };
}

/** An empty text means "not given" in a task file as in a setting. */
function textOr<T>(text: string | undefined, otherwise: T): string | T {
  return text === undefined || text === "" ? otherwise : text;
}

function durationOr(text: string | undefined, setting: () => number): number {
  return text === undefined || text === "" ? setting() : checked(parseDuration(text), text);
}

function bytesOr(text: string | undefined, setting: () => number): number {
  return text === undefined || text === "" ? setting() : checked(parseBytes(text), text);
}

function checked(value: number | undefined, text: string): number {
  if (value === undefined) throw new Error(`an unchecked task reached completeSpec: ${JSON.stringify(text)}`);
  return value;
}

function titleOf(spec: TaskSpec): string {
  const text = spec.command?.join(" ") ?? spec.script ?? spec.image ?? "";
  const line = text.trim().split(/[\r\n]/, 1)[0] ?? "";
  const characters = Array.from(line);
  if (characters.length <= titleCharacters) return line === "" ? "task" : line;
  return `${characters.slice(0, titleCharacters - 1).join("")}…`;
}
