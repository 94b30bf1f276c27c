import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

const magic = /[*?[\]{}!]/;

/** The parts of a pattern, and how many of them stand for themselves. */
export function splitPattern(pattern: string): { readonly parts: readonly string[]; readonly fixed: number } {
  const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
  const first = parts.findIndex((part) => magic.test(part));
  return { parts, fixed: first === -1 ? parts.length : first };
}

/** The file itself, or all files and links below a directory. Links are not followed here. */
export async function filesUnder(path: string, enters: (directory: string) => boolean): Promise<string[]> {
  const stats = await lstat(path).catch(missing);
  if (!stats) return [];
  if (!stats.isDirectory()) return [path];
  const files: string[] = [];
  const directories = [path];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const entry of (await readdir(directory, { withFileTypes: true }).catch(missing)) ?? []) {
      const inside = join(directory, entry.name);
      if (!entry.isDirectory()) files.push(inside);
      else if (enters(inside)) directories.push(inside);
    }
  }
  return files;
}

/** A file or directory that is gone, or cannot be looked into, has nothing to collect; `unmatched` shows it. */
export function missing(error: NodeJS.ErrnoException): undefined {
  if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP"].includes(error.code ?? "")) return undefined;
  throw error;
}
