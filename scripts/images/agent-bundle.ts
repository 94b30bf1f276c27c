import { bundle } from "../bundle/bundle.ts";
import { lazyBuiltins } from "../bundle/lazy-builtins.ts";
import { agentNodeVersion } from "./node-program.ts";

/** The agent's sources as one ESM file that needs nothing but Node. */
export async function bundleAgent(root: string, version: string): Promise<Uint8Array> {
  const input = { "keruta-agent": "packages/agent/src/main.ts" };
  const output = await bundle({ root, input, version, node: agentNodeVersion, plugins: [lazyBuiltins()] });
  const [file] = output;
  if (file?.type !== "chunk" || output.length !== 1) {
    throw new Error("images: the agent's bundle is not one file");
  }
  return Buffer.from(file.code);
}
