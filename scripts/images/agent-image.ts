import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleAgent } from "./agent-bundle.ts";
import { makeAgentRoot } from "./agent-root.ts";
import { compilerOf, targets, type Architecture } from "./architecture.ts";
import { buildImage } from "./image-builder.ts";
import { findLibraries } from "./libraries.ts";
import { nodeProgram, nodeVersion } from "./node-program.ts";

export interface AgentImage {
  /** A docker-archive. */
  readonly archive: string;
  readonly reference: string;
  /** The same files unpacked. */
  readonly root: string;
  readonly isNew: boolean;
}

const repository = join(import.meta.dirname, "../..");
const cache = join(repository, "node_modules/.cache/keruta-images");

/** The agent's image, built where anything that goes into it has changed since the last time. */
export async function agentImage(architecture: Architecture): Promise<AgentImage> {
  const manifest = await readFile(join(repository, "packages/cli/package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const suffix = architecture === process.arch ? "" : `-${architecture}`;
  const archive = join(repository, `dist/images/keruta-agent-${version}${suffix}.tar`);
  const reference = `localhost/keruta/agent:${version}`;
  const context = join(cache, `agent-${architecture}`);
  const root = join(context, "root");
  const stamp = join(context, "inputs.sha256");

  const node = await nodeProgram(architecture, cache);
  const launcher = join(repository, "images/agent/launcher.c");
  const dockerfile = join(repository, "images/agent/Dockerfile");
  const bundle = await bundleAgent(repository, version);
  const libraries = await findLibraries(node, compilerOf(architecture));
  const sources = (await readdir(import.meta.dirname))
    .toSorted()
    .map((name) => join(import.meta.dirname, name));
  const files = [launcher, dockerfile, ...sources, libraries.loader, ...libraries.files.values()];
  const inputs = await digest([nodeVersion, architecture, reference], bundle, files);
  const image = { archive, reference, root };
  const whole = (await readText(stamp)) === inputs && (await readText(`${archive}.inputs`)) === inputs;
  if (whole) return { ...image, isNew: false };

  await mkdir(join(archive, ".."), { recursive: true });
  await mkdir(context, { recursive: true });
  await Promise.all([rm(stamp, { force: true }), rm(`${archive}.inputs`, { force: true })]);
  await makeAgentRoot(root, { architecture, bundle, launcher, libraries, node, cache });
  const half = `${archive}.${String(process.pid)}`;
  try {
    await buildImage({
      dockerfile,
      context,
      reference,
      platform: targets[architecture].platform,
      archive: half,
    });
    await rename(half, archive);
  } finally {
    await rm(half, { force: true });
  }
  await Promise.all([writeFile(stamp, inputs), writeFile(`${archive}.inputs`, inputs)]);
  return { ...image, isNew: true };
}

async function digest(
  words: readonly string[],
  bundle: Uint8Array,
  files: readonly string[],
): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(words)).update(bundle);
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex");
}

async function readText(file: string): Promise<string | undefined> {
  return await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
