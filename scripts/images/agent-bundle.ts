import { bundle } from "../bundle/bundle.ts";
import { lazyBuiltins } from "../bundle/lazy-builtins.ts";
import { bundledPackages, type BundledPackage } from "../supply/bundled-packages.ts";
import { agentNodeVersion } from "./node-program.ts";

interface AgentBundle {
  readonly code: Uint8Array;
  /** Of others, in it. */
  readonly packages: readonly BundledPackage[];
}

/** The agent's sources as one ESM file that needs nothing but Node. */
export async function bundleAgent(root: string, version: string): Promise<AgentBundle> {
  const input = { "keruta-agent": "packages/agent/src/main.ts" };
  const output = await bundle({ root, input, version, node: agentNodeVersion, plugins: [lazyBuiltins()] });
  const [file] = output;
  if (file?.type !== "chunk" || output.length !== 1) {
    throw new Error("images: the agent's bundle is not one file");
  }
  return { code: Buffer.from(file.code), packages: await bundledPackages(root, output) };
}
