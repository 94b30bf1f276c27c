import { podContainers, podPaths, type CompleteRepository } from "@keruta/shared/domain";
import { literal } from "./literal.ts";
import type { ContainerManifest } from "./manifest.ts";
import type { Planning } from "./planning.ts";
import { cloneResources } from "./resources.ts";
import { cloneSecurity } from "./security.ts";
import { cloneMounts } from "./volumes.ts";

/** undefined where nothing is cloned. */
export function gitContainer(planning: Planning): ContainerManifest | undefined {
  const { repository } = planning.spec;
  if (repository === null) return undefined;
  const resources = cloneResources(planning);
  return {
    name: podContainers.clone,
    image: planning.settings.gitImage,
    imagePullPolicy: "IfNotPresent",
    command: cloneCommand(repository, planning.workspace).map(literal),
    env: [{ name: "TMPDIR", value: podPaths.temporary }],
    ...(resources && { resources }),
    securityContext: cloneSecurity(planning),
    volumeMounts: cloneMounts(planning),
  };
}

function cloneCommand(repository: CompleteRepository, workspace: string): string[] {
  const { url, ref, depth, submodules, clean, secret } = repository;
  const options: readonly (readonly string[])[] = [
    ["--url", url],
    ["--path", workspace],
    ["--depth", String(depth)],
    ref === null ? [] : ["--ref", ref],
    submodules ? ["--submodules"] : [],
    clean ? ["--clean"] : [],
    secret === null ? [] : ["--secret-dir", podPaths.gitSecret],
    ["--result", podPaths.terminationMessage],
  ];
  return [podPaths.agent, "clone", ...options.flat()];
}
