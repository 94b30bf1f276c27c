import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import { build, type BuildOptions, type BuildResult } from "esbuild";
import { bundledSqlite } from "./bundled-sqlite.ts";
import { groupedImports } from "./grouped-imports.ts";
import { importGroups } from "./import-groups.ts";
import { lazyBuiltins } from "./lazy-builtins.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "packages/cli/dist");
const manifest = JSON.parse(await readFile(join(root, "packages/cli/package.json"), "utf8")) as {
  version: string;
};

const common = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  metafile: true,
  format: "esm",
  platform: "node",
  target: "node24",
  conditions: ["keruta-source"],
  external: ["better-sqlite3/package.json"],
  plugins: [lazyBuiltins(), bundledSqlite(), groupedImports(root, importGroups)],
  outdir: dist,
  // Names stay, for the stack traces of bug reports.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: "linked",
  legalComments: "none",
  logLevel: "warning",
  define: { KERUTA_VERSION: JSON.stringify(manifest.version) },
  // The CommonJS packages in the bundle call require() for Node's own modules.
  banner: {
    js: 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);',
  },
} satisfies BuildOptions;

const [command, agent] = await Promise.all([
  build({
    ...common,
    entryPoints: { keruta: "packages/cli/src/main.ts" },
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
  }),
  build({ ...common, entryPoints: { "keruta-agent": "packages/agent/src/main.ts" } }),
]);

// Optional, tried for and done without: kerberos of proxies, what makes ws quicker, colours of debug.
refuseExternal(command, [
  "better-sqlite3/package.json",
  "kerberos",
  "bufferutil",
  "utf-8-validate",
  "supports-color",
]);
refuseExternal(agent, []);
const written = await Promise.all([...command.outputFiles, ...agent.outputFiles].map(putInPlace));
await removeAllBut(new Set(written));

/** esbuild lets a require() that it cannot resolve inside try/catch through; here it is an error. */
function refuseExternal(result: BuildResult<typeof common>, allowed: string[]): void {
  for (const [output, { imports }] of Object.entries(result.metafile.outputs)) {
    for (const { path, external } of imports) {
      if (!external || isBuiltin(path) || allowed.includes(path)) continue;
      throw new Error(`${output} would need "${path}" at run time`);
    }
  }
}

/** Moved into place whole: a program that starts during a build never reads half a file. */
async function putInPlace(file: { path: string; contents: Uint8Array }): Promise<string> {
  const half = join(dirname(file.path), `.${basename(file.path)}.${process.pid}`);
  await mkdir(dirname(file.path), { recursive: true });
  await writeFile(half, file.contents);
  await rename(half, file.path);
  return file.path;
}

async function removeAllBut(keep: Set<string>): Promise<void> {
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // A dot file is the half of another build that runs at the same time.
    if (entry.isFile() && !keep.has(path) && !entry.name.startsWith(".")) await rm(path, { force: true });
  }
}
