import { readFile } from "node:fs/promises";
import { basename, join, matchesGlob, relative, resolve, sep } from "node:path";
import { runFiles } from "@keruta/shared/domain";
import type { CollectOptions } from "../arguments/collect-arguments.ts";
import { readGathered, type Gathered } from "./gathered.ts";
import { isInside, placeOf, type Root } from "./roots.ts";
import { filesUnder, missing, splitPattern } from "./walk.ts";

export interface FoundFile {
  /** In the archive. */
  readonly name: string;
  readonly path: string;
  readonly root: Root;
}

export interface Found {
  /** In the order of their names. */
  readonly files: readonly FoundFile[];
  readonly unmatched: readonly string[];
  /** Files elsewhere in the image that the agent did not copy. */
  readonly leftOut: Gathered["skipped"];
}

/** History is no artifact, unless a pattern says so. */
const gitDirectory = ".git";

/** Everything that was asked for: patterns in the workspace, named paths, all of the artifacts directory. */
export async function findFiles(options: CollectOptions, roots: readonly Root[]): Promise<Found> {
  const files = new Map<string, FoundFile>();
  const unmatched: string[] = [];
  const add = (path: string): void => {
    const place = placeOf(path, roots);
    if (place && !files.has(path)) files.set(path, { path, ...place });
  };

  const gathered = await readGathered(options.runDirectory);
  for (const pattern of options.patterns) {
    const matches = await matchesOf(pattern, roots);
    matches.forEach(add);
    if (matches.length === 0 && !gathered.matched.includes(pattern)) unmatched.push(pattern);
  }
  for (const named of await namedPaths(options.runDirectory)) {
    const path = resolve(options.workspace, named);
    const real = withoutLinks(path, roots);
    const matches = real === undefined ? [] : await filesUnder(real, () => true);
    matches.forEach(add);
    if (matches.length === 0 && !gathered.matched.includes(named)) unmatched.push(named);
  }
  for (const { kind, path } of roots)
    if (kind === "artifacts") (await filesUnder(path, () => true)).forEach(add);
  return { files: [...files.values()].toSorted(byName), unmatched, leftOut: gathered.skipped };
}

/** By code unit, the same on every machine; of two files with one name the artifacts directory's comes first. */
function byName(a: FoundFile, b: FoundFile): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.root.kind < b.root.kind ? -1 : 1;
}

/** A pattern is meant from the workspace on, an absolute one from wherever a root is mounted. */
async function matchesOf(pattern: string, roots: readonly Root[]): Promise<string[]> {
  const { parts, fixed } = splitPattern(pattern);
  const isAbsolutePattern = pattern.startsWith("/");
  const enters = (directory: string) => basename(directory) !== gitDirectory || parts.includes(gitDirectory);
  const matches = new Set<string>();
  for (const root of roots) {
    if (!isAbsolutePattern && root.kind !== "workspace") continue;
    const base = isAbsolutePattern ? sep : root.givenPath;
    const wanted = join(base, ...parts.slice(0, fixed));
    const from = isInside(root.givenPath, wanted) ? wanted : root.givenPath;
    if (from !== wanted && !(isAbsolutePattern && isInside(wanted, root.givenPath))) continue;
    const real = (file: string) => join(root.path, relative(root.givenPath, file));
    const given = (file: string) => join(root.givenPath, relative(root.path, file));
    for (const file of await filesUnder(real(from), enters)) {
      const isNamed = fixed === parts.length && from === wanted;
      if (isNamed || matchesGlob(relative(base, given(file)), parts.join("/"))) matches.add(file);
    }
  }
  return [...matches];
}

/** A path as the command names it, below its root without links. */
function withoutLinks(path: string, roots: readonly Root[]): string | undefined {
  if (placeOf(path, roots)) return path;
  const root = roots.find(({ givenPath }) => isInside(givenPath, path));
  return root && join(root.path, relative(root.givenPath, path));
}

export async function namedPaths(runDirectory: string | null): Promise<string[]> {
  if (runDirectory === null) return [];
  const text = (await readFile(join(runDirectory, runFiles.artifacts), "utf8").catch(missing)) ?? "";
  const lines = text.split("\n").slice(0, -1);
  return [...new Set(lines.flatMap(pathIn))];
}

/** The command can write where the list lies: what is no path is left out. */
function pathIn(line: string): readonly string[] {
  try {
    const path: unknown = JSON.parse(line);
    return typeof path === "string" && !path.includes("\0") ? [path] : [];
  } catch {
    // Not the agent's line.
    return [];
  }
}
