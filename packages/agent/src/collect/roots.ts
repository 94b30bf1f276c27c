import { realpath } from "node:fs/promises";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { codeOf } from "@keruta/shared/domain";
import type { CollectOptions } from "../arguments/collect-arguments.ts";

/** A directory that artifacts may come from. */
export interface Root {
  /** Without links. */
  readonly path: string;
  /** As it was given: `/tmp`, say, may itself be a link. */
  readonly givenPath: string;
  /** Begins the names of its files in the archive: a volume's own name, else nothing. */
  readonly prefix: string;
  readonly kind: "workspace" | "artifacts" | "volume";
}

/** The roots that are there, innermost first, so that a volume inside the workspace is told as a volume. */
export async function findRoots(options: CollectOptions): Promise<Root[]> {
  const { workspace, artifactsDirectory, volumes } = options;
  const wanted = [
    { kind: "workspace" as const, path: workspace, prefix: "" },
    ...(artifactsDirectory === null
      ? []
      : [{ kind: "artifacts" as const, path: artifactsDirectory, prefix: "" }]),
    ...volumes.map((path) => ({ kind: "volume" as const, path, prefix: `${basename(resolve(path))}/` })),
  ];
  const roots: Root[] = [];
  for (const root of wanted) {
    try {
      roots.push({ ...root, path: await realpath(root.path), givenPath: resolve(root.path) });
    } catch (error) {
      // A command may have removed its own workspace; then there is nothing in it.
      if (codeOf(error) !== "ENOENT") throw error;
    }
  }
  return roots.toSorted((a, b) => b.path.length - a.path.length);
}

export function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The root that a path lies in, and the path's name in the archive. */
export function placeOf(path: string, roots: readonly Root[]): { root: Root; name: string } | undefined {
  const root = roots.find((candidate) => isInside(candidate.path, path));
  return root && { root, name: root.prefix + relative(root.path, path).split(sep).join("/") };
}
