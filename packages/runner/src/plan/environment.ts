import { deflateRawSync } from "node:zlib";
import { commandEnvironment, taskFileText, taskPieces } from "@keruta/shared/domain";
import { literal } from "./literal.ts";
import type { VariableManifest } from "./manifest.ts";
import type { Planning } from "./planning.ts";
import { secretNames } from "./template.ts";

const apiTokenVariable = "KERUTA_API_TOKEN";

/** The command's own variables and design section 5's. Secrets are references, never values. */
export function mainEnvironment(planning: Planning): VariableManifest[] {
  const { own, api, environment } = planning;
  const plain = { ...commandEnvironment(environment), ...safeDirectories(planning) };
  const secrets = Object.entries(own.secretEnv ?? {}).map(([name, { secret, key }]) =>
    secretVariable(name, secret, key),
  );
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value: literal(value) })),
    ...secrets,
    ...(api ? [secretVariable(apiTokenVariable, api.tokenSecret, "token")] : []),
  ];
}

/** Names of the variables whose values must not leave the Pod. */
export function maskedNames({ own, api, settings }: Planning): readonly string[] {
  const names = [...Object.keys(own.secretEnv ?? {}), ...(api ? [apiTokenVariable] : [])];
  return [...new Set([...names, ...secretNames(settings.template)])];
}

/** The whole task, compressed and in pieces, for KERUTA_TASK_FILE; and what an upload of artifacts needs. */
export function sidecarEnvironment({ task, api, uploadUrl }: Planning): VariableManifest[] {
  const pieces = taskPieces(deflateRawSync(taskFileText(task)));
  return [
    ...pieces.map(([name, value]) => ({ name, value })),
    ...(api && uploadUrl !== null ? [secretVariable(apiTokenVariable, api.tokenSecret, "token")] : []),
  ];
}

function secretVariable(name: string, secret: string, key: string): VariableManifest {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/**
 * Git refuses to work in a clone that another user made, as the clone's container may be; its submodules are
 * directories of their own. A task's own GIT_CONFIG_COUNT is carried on from.
 */
function safeDirectories({ own, spec, workspace }: Planning): Readonly<Record<string, string>> {
  if (spec.repository === null) return {};
  // A pattern below a directory needs git 2.46.
  const values = spec.repository.submodules ? [workspace, "*"] : [workspace];
  const count = Number(own.env?.["GIT_CONFIG_COUNT"] ?? 0);
  const first = Number.isSafeInteger(count) && count > 0 ? count : 0;
  const entries = values.flatMap((value, index) => [
    [`GIT_CONFIG_KEY_${String(first + index)}`, "safe.directory"],
    [`GIT_CONFIG_VALUE_${String(first + index)}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(first + values.length), ...Object.fromEntries(entries) };
}
