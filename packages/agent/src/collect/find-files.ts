import { readFile } from "node:fs/promises";
import { basename, join, matchesGlob, relative, resolve, sep } from "node:path";
import { runFiles } from "@keruta/shared/domain";
import type { CollectOptions } from "../arguments/collect-arguments.ts";
import { readGathered, type Gathered } from "./gathered.ts";
import { givenPathIn, isCovered, isInside, placeOf, realPathIn, type Root } from "./roots.ts";
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
    const matches = await matchesOf(pattern, options.workspace, roots);
    matches.forEach(add);
    if (matches.length === 0 && !gathered.matched.includes(pattern)) unmatched.push(pattern);
  }
  for (const named of await namedPaths(options.runDirectory)) {
    const matches = await filesBelow(resolve(options.workspace, named), roots);
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
async function matchesOf(pattern: string, workspace: string, roots: readonly Root[]): Promise<string[]> {
  const { parts, fixed } = splitPattern(pattern);
  const isAbsolutePattern = pattern.startsWith("/");
  const base = isAbsolutePattern ? sep : resolve(workspace);
  const wanted = join(base, ...parts.slice(0, fixed));
  if (!isInside(base, wanted)) return [];
  const enters = (directory: string) => basename(directory) !== gitDirectory || parts.includes(gitDirectory);
  const matches = new Set<string>();
  for (const root of roots) {
    // Volumes in the workspace are met on the way through it, but for those that lie elsewhere here.
    if (!isAbsolutePattern && root.kind !== "workspace" && !root.isElsewhere) continue;
    const isAround = isInside(root.givenPath, wanted) || (root.isElsewhere && isInside(workspace, wanted));
    for (const { path, given } of await filesFrom(wanted, root, roots, enters)) {
      const isNamed = fixed === parts.length && isAround;
      if (isNamed || matchesGlob(relative(base, given), parts.join("/"))) matches.add(path);
    }
  }
  return [...matches];
}

/** All that is at or below a path, as the command names it. */
async function filesBelow(named: string, roots: readonly Root[]): Promise<string[]> {
  const place = placeOf(named, roots);
  const wanted = place ? givenPathIn(place.root, named) : named;
  const files = new Set<string>();
  for (const root of roots) {
    if (!root.isElsewhere && !isInside(root.givenPath, wanted)) continue;
    for (const { path } of await filesFrom(wanted, root, roots, () => true)) files.add(path);
  }
  return [...files];
}

/** Files of a root at or below a path of the command's, with the command's paths for them. */
async function filesFrom(
  wanted: string,
  root: Root,
  roots: readonly Root[],
  enters: (directory: string) => boolean,
): Promise<{ readonly path: string; readonly given: string }[]> {
  const isWithin = isInside(root.givenPath, wanted);
  if (!isWithin && !isInside(wanted, root.givenPath)) return [];
  const files = await filesUnder(isWithin ? realPathIn(root, wanted) : root.path, enters);
  return files
    .map((path) => ({ path, given: givenPathIn(root, path) }))
    .filter(({ given }) => !isCovered(given, root, roots));
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
