import { isBuiltin } from "node:module";
import type { Plugin } from "rolldown";

const prefix = "\0builtin:";

/**
 * Node's own modules load when something of them is first used. An `import` of one makes Node build an ESM face of
 * it, for which it reads every property: of node:process alone that took 10 ms of `keruta list`'s 90, measured on
 * Node 24.21.
 */
export function lazyBuiltins(): Plugin {
  return {
    name: "lazy-builtins",
    resolveId: {
      order: "pre",
      handler: (name, _, { kind }) =>
        // A require() makes no such face; and a module that is a function, as node:events, must stay one.
        kind === "import-statement" && isBuiltin(name) && typeof process.getBuiltinModule(name) !== "function"
          ? { id: prefix + name }
          : undefined,
    },
    load: (id) =>
      id.startsWith(prefix) ? { code: faceOf(id.slice(prefix.length)), moduleType: "js" } : undefined,
  };
}

/**
 * A CommonJS module without properties of its own: the bundler's interop copies none of them, and keeps the
 * prototype, which asks Node for the module at each look-up.
 */
function faceOf(name: string): string {
  return `module.exports = Object.create(new Proxy({}, {
    get: (_, key) => process.getBuiltinModule(${JSON.stringify(name)})[key],
    has: (_, key) => key in process.getBuiltinModule(${JSON.stringify(name)}),
  }));`;
}
