import { isBuiltin } from "node:module";
import {
  rolldown,
  type CodeSplittingOptions,
  type OutputAsset,
  type OutputChunk,
  type Plugin,
} from "rolldown";

export interface BundleOptions {
  readonly root: string;
  /** Name of the output to its entry, a path below `root`. */
  readonly input: Readonly<Record<string, string>>;
  readonly version: string;
  /** Major version of the Node that will run it. */
  readonly node: string;
  readonly plugins?: Plugin[];
  /** Absent: one file. */
  readonly chunks?: CodeSplittingOptions;
  readonly sourcemap?: boolean;
  /** What may be looked for at run time: anything else that is not in the bundle is an error. */
  readonly external?: readonly string[];
}

/** Sources to ESM files that need nothing but Node and what `external` names. */
export async function bundle(options: BundleOptions): Promise<(OutputChunk | OutputAsset)[]> {
  const {
    root,
    input,
    version,
    node,
    plugins = [],
    chunks = false,
    sourcemap = false,
    external = [],
  } = options;
  const build = await rolldown({
    cwd: root,
    input,
    platform: "node",
    resolve: { conditionNames: ["keruta-source", "module", "node"] },
    external: [...external],
    transform: { define: { KERUTA_VERSION: JSON.stringify(version) }, target: `node${node}` },
    plugins,
    // A lazy import of what another command needs at once is right: each command loads its own.
    checks: { ineffectiveDynamicImport: false },
  });
  try {
    const { output } = await build.generate({
      format: "esm",
      sourcemap,
      codeSplitting: chunks,
      chunkFileNames: "chunks/[name]-[hash].js",
      // Names stay, for the stack traces of bug reports.
      minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
      comments: { legal: false },
      // The CommonJS packages in the bundle call require() for Node's own modules.
      banner: 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);',
    });
    for (const file of output) if (file.type === "chunk") refuseOther(file, new Set(external), output);
    return output;
  } finally {
    await build.close();
  }
}

function refuseOther(
  { fileName, imports, dynamicImports }: OutputChunk,
  external: ReadonlySet<string>,
  output: readonly { readonly fileName: string }[],
): void {
  const inside = new Set(output.map((file) => file.fileName));
  for (const name of [...imports, ...dynamicImports]) {
    if (inside.has(name) || isBuiltin(name) || external.has(name)) continue;
    throw new Error(`${fileName} would need "${name}" at run time`);
  }
}
