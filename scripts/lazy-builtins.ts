import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

/**
 * Node's own modules load when something of them is first used. An `import` of one makes Node build an ESM face of
 * it, for which it reads every property: of node:process alone that took 10 ms of `keruta list`'s 90, measured on
 * Node 24.21.
 */
export function lazyBuiltins(): Plugin {
  return {
    name: "lazy-builtins",
    setup(build) {
      build.onResolve({ filter: /^[a-z]/ }, ({ path, kind }) =>
        // A require() makes no such face; and a module that is a function, as node:events, must stay one.
        kind === "import-statement" && isBuiltin(path) && typeof process.getBuiltinModule(path) !== "function"
          ? { path, namespace: "builtin" }
          : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
        contents: faceOf(path),
        loader: "js",
      }));
    },
  };
}

/**
 * A CommonJS module without properties of its own: esbuild's interop copies none of them, and keeps the prototype,
 * which asks Node for the module at each look-up.
 */
function faceOf(name: string): string {
  return `module.exports = Object.create(new Proxy({}, {
    get: (_, key) => process.getBuiltinModule(${JSON.stringify(name)})[key],
    has: (_, key) => key in process.getBuiltinModule(${JSON.stringify(name)}),
  }));`;
}
