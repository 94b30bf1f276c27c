import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dirname, "..");

export interface SourceFile {
  /** From the root of the repository, as in `packages/shared/src/queue/index.ts`. */
  path: string;
  text: string;
  imports: Import[];
}

interface Import {
  specifier: string;
  /** The file of this repository that it names, if it names one. */
  target: string | undefined;
}

const importPattern =
  /^\s*(?:import|export)\s[^"';]*?from\s*"([^"]+)"|^\s*import\s*"([^"]+)"|\b(?:import|require)\(\s*"([^"]+)"/gm;

export function readSources(pattern: string): SourceFile[] {
  return globSync(pattern, { cwd: root }).map((path) => {
    const text = readFileSync(join(root, path), "utf8");
    const imports = [...text.matchAll(importPattern)].map((match) => {
      const specifier = match[1] ?? match[2] ?? match[3] ?? "";
      return { specifier, target: resolve(specifier, path) };
    });
    return { path, text, imports };
  });
}

/** `packages/shared/src/queue/sqlite/open.ts` → `["shared", "queue"]`; `packages/cli/src/main.ts` → `["cli", "main.ts"]`. */
export function placeOf(path: string): [packageName: string, subject: string] {
  const [, packageName = "", , subject = ""] = path.split("/");
  return [packageName, subject];
}

function resolve(specifier: string, from: string): string | undefined {
  if (specifier.startsWith(".")) return join(dirname(from), specifier);
  const [, packageName, subpath] = /^@keruta\/([^/]+)\/(.+)$/.exec(specifier) ?? [];
  if (packageName === undefined || subpath === undefined) return undefined;
  const manifest = join(root, "packages", packageName, "package.json");
  if (!existsSync(manifest)) return undefined;
  const { exports = {} } = JSON.parse(readFileSync(manifest, "utf8")) as {
    exports?: Record<string, Record<string, string>>;
  };
  const source = exports[`./${subpath}`]?.["keruta-source"];
  return source && relative(root, join(dirname(manifest), source));
}
