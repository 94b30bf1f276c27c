import { writeFile } from "node:fs/promises";
import { join, matchesGlob, resolve } from "node:path";
import { runFiles } from "@keruta/shared/domain";
import { namedPaths } from "../collect/find-files.ts";
import type { Gathered } from "../collect/gathered.ts";
import { isInside } from "../collect/roots.ts";
import { filesUnder, splitPattern } from "../collect/walk.ts";
import { copyFile } from "./copy-file.ts";

export interface GatherOptions {
  readonly runDirectory: string;
  readonly workspace: string;
  readonly artifactsDirectory: string | null;
  /** All of the task's; the absolute ones may match outside the shared directories. */
  readonly patterns: readonly string[];
  readonly volumes: readonly string[];
  readonly maxBytes: number;
  readonly maxTotalBytes: number;
}

/** Full of what is no file, or is the machine's. */
const systemDirectories = ["/proc", "/sys", "/dev"];

/**
 * Copies what matches outside the directories that are shared with the sidecar into the artifacts directory, under
 * its absolute path: nobody else can read a container's own files once it has ended.
 */
export async function gatherArtifacts(options: GatherOptions): Promise<void> {
  const { artifactsDirectory, runDirectory, workspace, volumes, patterns } = options;
  if (artifactsDirectory === null) return;
  const shared = [workspace, artifactsDirectory, runDirectory, ...volumes].map((path) => resolve(path));
  const isElsewhere = (path: string) => !shared.some((root) => isInside(root, path));
  const wanted = new Map<string, readonly string[]>();
  for (const pattern of patterns) {
    if (pattern.startsWith("/")) wanted.set(pattern, await matchesElsewhere(pattern, isElsewhere));
  }
  for (const named of await namedPaths(runDirectory)) {
    const path = resolve(workspace, named);
    if (isElsewhere(path)) wanted.set(named, await filesUnder(path, entersBelow(isElsewhere)));
  }
  const files = [...new Set([...wanted.values()].flat())].toSorted();
  if (files.length === 0) return;
  const gathered: Gathered = {
    matched: [...wanted].filter(([, found]) => found.length > 0).map(([name]) => name),
    skipped: await copyAll(files, artifactsDirectory, options),
  };
  await writeFile(join(runDirectory, runFiles.gathered), JSON.stringify(gathered), { mode: 0o644 });
}

async function matchesElsewhere(
  pattern: string,
  isElsewhere: (path: string) => boolean,
): Promise<readonly string[]> {
  const { parts, fixed } = splitPattern(pattern);
  const start = `/${parts.slice(0, fixed).join("/")}`;
  if (!isElsewhere(start)) return [];
  const files = await filesUnder(start, entersBelow(isElsewhere));
  return fixed === parts.length ? files : files.filter((file) => matchesGlob(file.slice(1), parts.join("/")));
}

function entersBelow(isElsewhere: (path: string) => boolean): (directory: string) => boolean {
  return (directory) => isElsewhere(directory) && !systemDirectories.includes(directory);
}

async function copyAll(
  files: readonly string[],
  artifactsDirectory: string,
  { maxBytes, maxTotalBytes }: GatherOptions,
): Promise<Gathered["skipped"]> {
  const skipped: Gathered["skipped"][number][] = [];
  let room = maxTotalBytes;
  for (const file of files) {
    const path = file.slice(1);
    const copied = await copyFile(file, join(artifactsDirectory, path), { maxBytes, room });
    if ("refused" in copied) skipped.push({ path, ...copied.refused });
    else room -= copied.bytes;
  }
  return skipped;
}
