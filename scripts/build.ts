import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { bundle } from "./bundle/bundle.ts";
import { bundledSqlite } from "./bundle/bundled-sqlite.ts";
import { commandChunks } from "./bundle/command-chunks.ts";
import { lazyBuiltins } from "./bundle/lazy-builtins.ts";
import { bundlePanel } from "./bundle/panel.ts";
import { bundledPackages } from "./supply/bundled-packages.ts";
import { licenceTexts } from "./supply/licence-texts.ts";
import { npmComponents, sbom } from "./supply/sbom.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "packages/cli/dist");
const { version } = JSON.parse(await readFile(join(root, "packages/cli/package.json"), "utf8")) as {
  version: string;
};
const common = { root, version, node: "24", sourcemap: true };

const panel = bundlePanel(root);
const outputs = await Promise.all([
  bundle({
    ...common,
    input: { keruta: "packages/cli/src/main.ts" },
    plugins: [lazyBuiltins(), bundledSqlite()],
    chunks: commandChunks,
    external: [
      "better-sqlite3/package.json",
      // Optional, tried for and done without: kerberos of proxies, what makes ws quicker, colours of debug, libpq.
      "kerberos",
      "pg-native",
      "bufferutil",
      "utf-8-validate",
      "supports-color",
    ],
  }),
  bundle({
    ...common,
    input: { "keruta-agent": "packages/agent/src/main.ts" },
    plugins: [lazyBuiltins()],
  }),
]);
const programs = outputs
  .flat()
  .map((file) => ({ path: file.fileName, content: file.type === "chunk" ? file.code : file.source }));
const built = await panel;
const pages = built.map(({ fileName, content }) => ({ path: join("panel", fileName), content }));
const packages = await bundledPackages(root, [...outputs.flat(), ...built]);
const papers = [
  { path: "THIRD-PARTY-LICENSES.txt", content: await licenceTexts(root, packages) },
  {
    path: "sbom.cdx.json",
    content: sbom({ name: "keruta", version, components: await npmComponents(root, packages) }),
  },
];
const written = await Promise.all(
  [...programs, ...pages, ...papers].map(({ path, content }) => putInPlace(join(dist, path), content)),
);
await removeAllBut(new Set(written));

/** Moved into place whole: a program that starts during a build never reads half a file. */
async function putInPlace(path: string, content: string | Uint8Array): Promise<string> {
  const half = join(dirname(path), `.${basename(path)}.${process.pid}`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(half, content);
  await rename(half, path);
  return path;
}

async function removeAllBut(keep: Set<string>): Promise<void> {
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // A dot file is the half of another build that runs at the same time.
    if (entry.isFile() && !keep.has(path) && !entry.name.startsWith(".")) await rm(path, { force: true });
  }
}
