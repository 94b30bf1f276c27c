import type { TaskSpec } from "../task/spec.ts";

/** Every Secret that a task refers to, with where it does. */
export function secretsOf(spec: TaskSpec): readonly (readonly [path: string, secret: string])[] {
  const { secretEnv = {}, repository, imagePullSecrets = [], volumes = [] } = spec;
  const found: (readonly [string, string])[] = [];
  for (const [name, { secret }] of Object.entries(secretEnv)) found.push([`spec.secretEnv.${name}`, secret]);
  if (repository?.secret !== undefined) found.push(["spec.repository.secret", repository.secret]);
  for (const [at, secret] of imagePullSecrets.entries()) {
    found.push([`spec.imagePullSecrets[${String(at)}]`, secret]);
  }
  for (const [at, { secret, projected }] of volumes.entries()) {
    const path = `spec.volumes[${String(at)}]`;
    if (secret) found.push([`${path}.secret`, secret.secretName]);
    for (const source of projected?.sources ?? []) {
      const { name } = (source["secret"] ?? {}) as { readonly name?: unknown };
      if (typeof name === "string") found.push([`${path}.projected`, name]);
    }
  }
  return found;
}
