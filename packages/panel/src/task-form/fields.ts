import { apiVersion, type NewTask, type TaskSpec } from "@keruta/shared/domain";

/** What a form has of a task; all else of the task it leaves as it is. */
export interface Fields {
  readonly title: string;
  readonly description: string;
  readonly priority: string;
  /** A line each. */
  readonly labels: string;
  readonly runner: "" | "kubernetes" | "local";
  readonly image: string;
  readonly namespace: string;
  readonly runs: "script" | "command" | "entrypoint";
  readonly script: string;
  /** An argument a line. */
  readonly command: string;
  readonly env: string;
  readonly timeout: string;
  readonly attempts: string;
  readonly artifacts: string;
  readonly hold: boolean;
}

/** A task file, as far as it is one: what is in it is judged by its own rules. */
export type Draft = Partial<NewTask>;

export const emptyDraft: Draft = {
  title: "",
  description: "",
  priority: 0,
  labels: {},
  spec: { script: "" },
};

export function fieldsOf({
  title = "",
  description = "",
  priority = 0,
  labels = {},
  spec = {},
}: Draft): Fields {
  return {
    title,
    description,
    priority: String(priority),
    labels: linesOf(labels),
    runner: spec.runner ?? "",
    image: spec.image ?? "",
    namespace: spec.namespace ?? "",
    runs: spec.script !== undefined ? "script" : spec.command !== undefined ? "command" : "entrypoint",
    script: spec.script ?? "",
    command: (spec.command ?? []).join("\n"),
    env: linesOf(spec.env ?? {}),
    timeout: spec.timeout ?? "",
    attempts: spec.retry?.attempts === undefined ? "" : String(spec.retry.attempts),
    artifacts: (spec.artifacts?.paths ?? []).join("\n"),
    hold: spec.hold ?? false,
  };
}

/** The task that the fields make of the one that they began with. */
export function draftOf(fields: Fields, base: Draft): Draft {
  const { retry = {}, artifacts = {}, ...spec } = base.spec ?? {};
  const others = without(spec, [
    "command",
    "script",
    "runner",
    "image",
    "namespace",
    "env",
    "timeout",
    "hold",
  ]);
  const otherRetry = without(retry, ["attempts"]);
  const otherArtifacts = without(artifacts, ["paths"]);
  const own: TaskSpec = {
    ...others,
    ...(fields.runner !== "" && { runner: fields.runner }),
    ...given("image", fields.image),
    ...given("namespace", fields.namespace),
    ...(fields.runs === "script" && { script: fields.script }),
    ...(fields.runs === "command" && { command: fields.command.split("\n") }),
    ...(fields.env.trim() !== "" && { env: Object.fromEntries(pairsOf(fields.env)) }),
    ...given("timeout", fields.timeout),
    ...notEmpty("retry", {
      ...otherRetry,
      ...(fields.attempts !== "" && { attempts: Number(fields.attempts) }),
    }),
    ...notEmpty("artifacts", {
      ...otherArtifacts,
      ...(fields.artifacts.trim() !== "" && {
        paths: fields.artifacts.split("\n").filter((line) => line !== ""),
      }),
    }),
    ...(fields.hold && { hold: true }),
  };
  return {
    title: fields.title,
    description: fields.description,
    priority: Number(fields.priority),
    labels: Object.fromEntries(pairsOf(fields.labels)),
    spec: own,
  };
}

export function documentOf(draft: Draft) {
  return { apiVersion, kind: "Task", ...draft };
}

/** `KEY=value` a line; a value may have a `=` in it. */
export function pairsOf(text: string): readonly (readonly [key: string, value: string])[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [line.trim(), ""] : [line.slice(0, at).trim(), line.slice(at + 1)];
    });
}

function linesOf(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}`)
    .join("\n");
}

function given(key: keyof TaskSpec, text: string): Partial<TaskSpec> {
  return text.trim() === "" ? {} : { [key]: text.trim() };
}

function notEmpty(key: keyof TaskSpec, value: object): Partial<TaskSpec> {
  return Object.keys(value).length === 0 ? {} : { [key]: value };
}

function without<T extends object, K extends keyof T>(value: T, keys: readonly K[]): Omit<T, K> {
  const left = { ...value };
  for (const key of keys) delete left[key];
  return left;
}
