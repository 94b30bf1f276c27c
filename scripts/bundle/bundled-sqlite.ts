import type { Plugin } from "rolldown";

const id = "\0native-binding";

/**
 * better-sqlite3's JavaScript becomes a part of the bundle, and only its choice of the native library is left to the
 * installed package: Node's look-ups for its nine files took 3 ms of each command's start.
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
    load: (wanted) => (wanted === id ? { code: binding, moduleType: "js" } : undefined),
  };
}

/** The package exports its manifest and not the file that is wanted, which lies beside it. */
const binding = `exports.getBinding = (chosen) => {
  const manifest = require.resolve("better-sqlite3/package.json");
  return require(manifest.replace("package.json", "lib/binding.js")).getBinding(chosen);
};`;
