import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import manifest from "../../packages/cli/package.json" with { type: "json" };

/** Builds the agent's image, where it is not built yet, and brings it to the cluster's node. */
export async function setup(): Promise<void> {
  const tools = process.env["KERUTA_TEST_CLUSTER"];
  if (tools === undefined) return;
  const root = join(import.meta.dirname, "../..");
  const run = promisify(execFile);
  await run(process.execPath, [join(root, "scripts/images.ts")], { cwd: root });
  await run(join(tools, "load-image"), [join(root, `dist/images/keruta-agent-${manifest.version}.tar`)]);
}
