import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "rolldown";

const id = "\0native-binding";

/**
 * better-sqlite3's JavaScript becomes a part of the bundle, and only the native library is looked for at run time, in
 * the installed package or in the single binary: Node's look-ups for its nine files took 3 ms of each command's start.
 */
export function bundledSqlite(): Plugin {
  return {
    name: "bundled-sqlite",
    resolveId: {
      order: "pre",
      handler: (name, importer) =>
        name === "./binding" && /better-sqlite3[\\/]lib[\\/]index\.js$/.test(importer ?? "")
          ? { id }
          : undefined,
    },
    load: async (wanted) =>
      wanted === id
        ? { code: await readFile(join(import.meta.dirname, "native-binding.js"), "utf8"), moduleType: "js" }
        : undefined,
  };
}
