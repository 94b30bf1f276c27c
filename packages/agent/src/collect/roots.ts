import { realpath } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { codeOf } from "@keruta/shared/domain";
import type { CollectOptions } from "../arguments/collect-arguments.ts";

/** A directory that artifacts may come from. */
export interface Root {
  /** Without links. */
  readonly path: string;
  /** As the command knows it: `/tmp`, say, may itself be a link, and a volume may lie elsewhere here. */
  readonly givenPath: string;
  /** True for a volume that lies elsewhere here than for the command. */
  readonly isElsewhere: boolean;
  /** Begins the names of its files in the archive: a volume's own name, else nothing. */
  readonly prefix: string;
  readonly kind: "workspace" | "artifacts" | "volume";
}

/** The roots that are there, innermost first, so that a volume inside the workspace is told as a volume. */
export async function findRoots(options: CollectOptions): Promise<Root[]> {
  const { workspace, artifactsDirectory, volumes, volumesElsewhere } = options;
  const place = (kind: Root["kind"], path: string, givenPath = path) => ({
    kind,
    path,
    givenPath: resolve(givenPath),
    isElsewhere: givenPath !== path,
    prefix: kind === "volume" ? `${basename(resolve(givenPath))}/` : "",
  });
  const wanted = [
    place("workspace", workspace),
    ...(artifactsDirectory === null ? [] : [place("artifacts", artifactsDirectory)]),
    ...volumes.map((path) => place("volume", path)),
    ...volumesElsewhere.map(({ path, commandPath }) => place("volume", path, commandPath)),
  ];
  const roots: Root[] = [];
  for (const root of wanted) {
    try {
      roots.push({ ...root, path: await realpath(root.path) });
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

export function realPathIn(root: Root, given: string): string {
  return join(root.path, relative(root.givenPath, given));
}

export function givenPathIn(root: Root, real: string): string {
  return join(root.givenPath, relative(root.path, real));
}

/** True for what the command does not see: a volume that lies elsewhere here is mounted over it. */
export function isCovered(given: string, root: Root, roots: readonly Root[]): boolean {
  return roots.some(
    (other) =>
      other !== root &&
      other.isElsewhere &&
      isInside(root.givenPath, other.givenPath) &&
      isInside(other.givenPath, given),
  );
}

/** The root that a path lies in, and the path's name in the archive. */
export function placeOf(path: string, roots: readonly Root[]): { root: Root; name: string } | undefined {
  const root = roots.find((candidate) => isInside(candidate.path, path));
  return root && { root, name: root.prefix + relative(root.path, path).split(sep).join("/") };
}
