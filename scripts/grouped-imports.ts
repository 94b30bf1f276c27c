import { join } from "node:path";
import type { Plugin } from "esbuild";

/**
 * Lazily imported modules that come as one, by the group's name. esbuild makes a file for every set of lazy imports
 * that share something: `keruta list` read 31 of them, at 0.3 to 0.4 ms of Node's loader each.
 *
 * A name that two modules of one group export would be in neither, so groups hold modules of different names only.
 */
export function groupedImports(root: string, groups: ReadonlyMap<string, readonly string[]>): Plugin {
  const groupOf = new Map<string, string>();
  for (const [name, modules] of groups) {
    for (const module of modules) groupOf.set(join(root, module), name);
  }
  return {
    name: "grouped-imports",
    setup(build) {
      build.onResolve({ filter: /^(\.|@keruta\/)/ }, async ({ path, pluginData, ...where }) => {
        if (where.kind !== "dynamic-import" || pluginData === resolving) return undefined;
        const { kind, importer, resolveDir } = where;
        const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: resolving });
        const group = groupOf.get(found.path);
        return group === undefined ? found : { path: group, namespace: "group" };
      });
      build.onLoad({ filter: /.*/, namespace: "group" }, ({ path }) => ({
        contents: (groups.get(path) ?? []).map((module) => `export * from "./${module}";`).join("\n"),
        resolveDir: root,
      }));
    },
  };
}

const resolving = Symbol("resolving");
