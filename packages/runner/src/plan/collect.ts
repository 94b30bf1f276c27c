import { podPaths } from "@keruta/shared/domain";
import type { Planning } from "./planning.ts";
import { collectedVolumes, type CollectedVolume } from "./volumes.ts";

/** What `collect` needs to know, as its arguments; the sidecar gets the same to see whether there is anything. */
export function collectArguments(planning: Planning): readonly string[] {
  const { spec, workspace } = planning;
  const { paths, maxFileBytes, maxTotalBytes } = spec.artifacts;
  const options: readonly (readonly string[])[] = [
    ["--run-dir", podPaths.runDirectory],
    ["--workspace", workspace],
    ["--artifacts-dir", podPaths.artifacts],
    ...paths.map((pattern) => ["--artifact", pattern]),
    ...collectedVolumes(planning).map(volumeOption),
    ["--max-bytes", String(Math.min(maxFileBytes, maxTotalBytes))],
    ["--max-total-bytes", String(maxTotalBytes)],
  ];
  return options.flat();
}

function volumeOption({ path, mountPath }: CollectedVolume): readonly string[] {
  return path === mountPath ? ["--volume", path] : ["--volume-at", `${path}=${mountPath}`];
}
