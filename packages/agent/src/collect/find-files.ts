import { lstat, readdir, readFile } from "node:fs/promises";
import { join, matchesGlob, relative, resolve } from "node:path";
import { runFiles } from "@keruta/shared/domain";
import type { CollectOptions } from "../arguments/collect-arguments.ts";
import { isInside, placeOf, type Root } from "./roots.ts";

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
}

const magic = /[*?[\]{}!]/;
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

  const workspace = roots.find(({ kind }) => kind === "workspace");
  for (const pattern of options.patterns) {
    const matches = workspace ? await matchesOf(pattern, workspace.path) : [];
    matches.forEach(add);
    if (matches.length === 0) unmatched.push(pattern);
  }
  for (const named of await namedPaths(options.runDirectory)) {
    const path = resolve(options.workspace, named);
    const real = withoutLinks(path, roots);
    const matches = real === undefined ? [] : await filesUnder(real, true);
    matches.forEach(add);
    if (matches.length === 0) unmatched.push(named);
  }
  for (const { kind, path } of roots) if (kind === "artifacts") (await filesUnder(path, true)).forEach(add);
  return { files: [...files.values()].toSorted(byName), unmatched };
}

/** By code unit, the same on every machine; of two files with one name the artifacts directory's comes first. */
function byName(a: FoundFile, b: FoundFile): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.root.kind < b.root.kind ? -1 : 1;
}

async function matchesOf(pattern: string, workspace: string): Promise<string[]> {
  const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
  const fixed = parts.findIndex((part) => magic.test(part));
  const start = join(workspace, ...parts.slice(0, fixed === -1 ? parts.length : fixed));
  if (!isInside(workspace, start)) return [];
  const files = await filesUnder(start, parts.includes(gitDirectory));
  if (fixed === -1) return files;
  const glob = parts.join("/");
  return files.filter((file) => matchesGlob(file.slice(workspace.length + 1), glob));
}

/** The file itself, or all files and links below a directory. Links are not followed here. */
async function filesUnder(path: string, withGit: boolean): Promise<string[]> {
  const stats = await lstat(path).catch(missing);
  if (!stats) return [];
  if (!stats.isDirectory()) return [path];
  const files: string[] = [];
  const directories = [path];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const entry of (await readdir(directory, { withFileTypes: true }).catch(missing)) ?? []) {
      const inside = join(directory, entry.name);
      if (!entry.isDirectory()) files.push(inside);
      else if (withGit || entry.name !== gitDirectory) directories.push(inside);
    }
  }
  return files;
}

/** A path as the command names it, below its root without links. */
function withoutLinks(path: string, roots: readonly Root[]): string | undefined {
  if (placeOf(path, roots)) return path;
  const root = roots.find(({ givenPath }) => isInside(givenPath, path));
  return root && join(root.path, relative(root.givenPath, path));
}

async function namedPaths(runDirectory: string | null): Promise<string[]> {
  if (runDirectory === null) return [];
  const text = (await readFile(join(runDirectory, runFiles.artifacts), "utf8").catch(missing)) ?? "";
  const lines = text.split("\n").slice(0, -1);
  return [...new Set(lines.map((line) => JSON.parse(line) as string))];
}

/** A file or directory that is gone, or cannot be looked into, has nothing to collect; `unmatched` shows it. */
function missing(error: NodeJS.ErrnoException): undefined {
  if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP"].includes(error.code ?? "")) return undefined;
  throw error;
}
