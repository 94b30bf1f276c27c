import { expandReferences, type Expansions } from "../expand.ts";
import type { TaskSpec } from "./spec.ts";

/**
 * Expands command, args, env, image and repository. A script is left alone: it is a shell's, and reads the
 * environment. Who renders for Kubernetes doubles every `$` afterwards.
 */
export function expandSpec(spec: TaskSpec, values: Expansions): TaskSpec {
  const expand = (text: string) => expandReferences(text, values);
  const { image, command, args, env, repository } = spec;
  return {
    ...spec,
    ...(image !== undefined && { image: expand(image) }),
    ...(command && { command: command.map(expand) }),
    ...(args && { args: args.map(expand) }),
    ...(env && {
      env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, expand(value)] as const)),
    }),
    ...(repository && {
      repository: {
        ...repository,
        ...(repository.url !== undefined && { url: expand(repository.url) }),
        ...(repository.ref !== undefined && { ref: expand(repository.ref) }),
        ...(repository.path !== undefined && { path: expand(repository.path) }),
      },
    }),
  };
}
