import { join } from "node:path";
import { build } from "vite";

interface BuiltFile {
  readonly fileName: string;
  readonly content: string | Uint8Array;
  /** Of a script: what became of each module. */
  readonly modules?: Readonly<Record<string, { readonly renderedLength: number }>>;
}

/** The panel's files, as the server sends them. */
export async function bundlePanel(root: string): Promise<readonly BuiltFile[]> {
  const result = await build({
    root: join(root, "packages/panel"),
    configFile: false,
    logLevel: "warn",
    resolve: { conditions: ["keruta-source", "module", "browser"] },
    // Else NODE_ENV decides: tests would build another panel, with the machine's paths in it.
    oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
    build: {
      write: false,
      target: "es2023",
      modulePreload: { polyfill: false },
      // The policy of content lets no script or style of a data: URL through.
      assetsInlineLimit: 0,
      reportCompressedSize: false,
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  return outputs.flatMap((one) => {
    if (!("output" in one)) throw new Error("build: the panel is watched instead of built");
    return one.output.map((file) => ({
      fileName: file.fileName,
      ...(file.type === "chunk" ? { content: file.code, modules: file.modules } : { content: file.source }),
    }));
  });
}
