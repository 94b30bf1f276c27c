import type { Plugin } from "esbuild";

/**
 * better-sqlite3's JavaScript becomes a part of the bundle, and only its choice of the native library is left to the
 * installed package: Node's look-ups for its nine files took 3 ms of each command's start.
 */
export function bundledSqlite(): Plugin {
  return {
    name: "bundled-sqlite",
    setup(build) {
      build.onResolve({ filter: /^\.\/binding$/ }, ({ path, importer }) =>
        /better-sqlite3[\\/]lib[\\/]index\.js$/.test(importer)
          ? { path, namespace: "native-binding" }
          : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: "native-binding" }, () => ({
        contents: binding,
        loader: "js",
      }));
    },
  };
}

/** The package exports its manifest and not the file that is wanted, which lies beside it. */
const binding = `exports.getBinding = (chosen) => {
  const manifest = require.resolve("better-sqlite3/package.json");
  return require(manifest.replace("package.json", "lib/binding.js")).getBinding(chosen);
};`;
