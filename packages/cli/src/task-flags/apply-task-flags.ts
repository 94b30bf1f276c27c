import type { Assignment } from "./assignment.ts";
import type { TaskFlags } from "./task-flags.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The task `value` (a task file's content, not checked yet) with what flags and `-- COMMAND` say on top.
 * Maps (env, labels) are merged by key; everything else is replaced. A task without a title is called by its command.
 */
export function applyTaskFlags(value: Fields, flags: TaskFlags, command: readonly string[] = []): Fields {
  const labels = { ...fields(value["labels"]), ...entries(flags.label) };
  const task = {
    ...value,
    ...given({ title: flags.title, description: flags.description, priority: flags.priority }),
    ...(flags.label && { labels }),
    spec: applySpec(fields(value["spec"]), flags, command),
  };
  const title = value["title"] ?? flags.title ?? titleFrom(command, flags.image);
  return title === undefined ? task : { title, ...task };
}

function applySpec(spec: Fields, flags: TaskFlags, command: readonly string[]): Fields {
  const { image, timeout, runner, namespace, hold, notBefore } = flags;
  // `-- COMMAND` replaces all three ways in which a file can say what to run.
  const { command: _command, args: _args, script: _script, ...others } = spec;
  return {
    ...(command.length > 0 ? { ...others, command } : spec),
    ...given({ image, timeout, runner, namespace, hold, notBefore }),
    ...(flags.env && { env: { ...fields(spec["env"]), ...entries(flags.env) } }),
    ...(flags.secretEnv && {
      secretEnv: { ...fields(spec["secretEnv"]), ...secretEntries(flags.secretEnv) },
    }),
    ...nested(spec, "repository", { url: flags.repo, ref: flags.ref }),
    ...nested(spec, "artifacts", { paths: flags.artifact }),
    ...nested(spec, "retry", { attempts: flags.attempts }),
    ...nested(spec, "concurrency", { key: flags.concurrencyKey }),
  };
}

function nested(spec: Fields, name: string, change: Fields): Fields {
  const changed = given(change);
  return Object.keys(changed).length === 0 ? {} : { [name]: { ...fields(spec[name]), ...changed } };
}

function given(values: Fields): Fields {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function entries(assignments: readonly Assignment[] = []): Fields {
  return Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
}

function secretEntries(assignments: NonNullable<TaskFlags["secretEnv"]>): Fields {
  return Object.fromEntries(assignments.map(({ name, secret, key }) => [name, { secret, key }]));
}

const titleLength = 80;

function titleFrom(command: readonly string[], image: string | undefined): string | undefined {
  const text = command.join(" ").replaceAll(/\s+/g, " ").trim();
  if (text === "") return image;
  const characters = Array.from(text);
  return characters.length <= titleLength ? text : `${characters.slice(0, titleLength - 1).join("")}…`;
}
