import { isBuiltin } from "node:module";
import { build } from "esbuild";
import { nodeVersion } from "./node-program.ts";

/** The agent's sources as one ESM file that needs nothing but Node. */
export async function bundleAgent(root: string, version: string): Promise<Uint8Array> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["packages/agent/src/main.ts"],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: `node${nodeVersion}`,
    conditions: ["keruta-source"],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "warning",
    define: { KERUTA_VERSION: JSON.stringify(version) },
    // The CommonJS packages in the bundle call require() for Node's own modules.
    banner: {
      js: 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);',
    },
  });
  const [bundle] = outputFiles;
  if (!bundle || outputFiles.length !== 1) throw new Error("images: the agent's bundle is not one file");
  for (const { imports } of Object.values(metafile.outputs)) {
    const needed = imports.find(({ path, external }) => external === true && !isBuiltin(path));
    if (needed) throw new Error(`images: the agent would need "${needed.path}" at run time`);
  }
  return bundle.contents;
}
