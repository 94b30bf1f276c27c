import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Builds the images, where they are not built yet, and brings them to the cluster's node. */
export async function setup(): Promise<void> {
  const tools = process.env["KERUTA_TEST_CLUSTER"];
  // An image that is there already: of another build, on a cluster that others use too.
  if (tools === undefined || process.env["KERUTA_TEST_AGENT_IMAGE"] !== undefined) return;
  const root = join(import.meta.dirname, "../..");
  const run = promisify(execFile);
  const { version } = JSON.parse(await readFile(join(root, "packages/cli/package.json"), "utf8")) as {
    version: string;
  };
  await run(process.execPath, [join(root, "scripts/images.ts")], { cwd: root });
  const archives = ["agent", "server"].map((name) => join(root, `dist/images/keruta-${name}-${version}.tar`));
  await run(join(tools, "load-image"), archives);
}
