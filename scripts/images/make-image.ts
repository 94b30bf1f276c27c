import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { targets, type Architecture } from "./architecture.ts";
import { fillRoot } from "./fill-root.ts";
import { buildImage } from "./image-builder.ts";
import { imageLabels, originOf } from "./labels.ts";

export interface Image {
  /** A docker-archive. */
  readonly archive: string;
  readonly reference: string;
  /** The same files unpacked. */
  readonly root: string;
  readonly isNew: boolean;
}

export interface ImageRecipe {
  /** `agent`, `server`: the image is `localhost/keruta/<name>:<version>`. */
  readonly name: string;
  readonly description: string;
  readonly architecture: Architecture;
  /** What goes into it besides files: versions, bundles. */
  readonly inputs: readonly (string | Uint8Array)[];
  readonly files: readonly string[];
  /** Texts by their place in the image. */
  readonly papers: ReadonlyMap<string, string>;
  readonly fill: (root: string) => Promise<void>;
}

export const repository = join(import.meta.dirname, "../..");
export const cache = join(repository, "node_modules/.cache/keruta-images");

export async function productVersion(): Promise<string> {
  const manifest = await readFile(join(repository, "packages/cli/package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** The image, built where anything that goes into it has changed since the last time. */
export async function makeImage(recipe: ImageRecipe): Promise<Image> {
  const { name, description, architecture, inputs, files, papers } = recipe;
  const version = await productVersion();
  const suffix = architecture === process.arch ? "" : `-${architecture}`;
  const archive = join(repository, `dist/images/keruta-${name}-${version}${suffix}.tar`);
  const reference = `localhost/keruta/${name}:${version}`;
  const context = join(cache, `${name}-${architecture}`);
  const root = join(context, "root");
  const stamp = join(context, "inputs.sha256");
  const dockerfile = join(repository, `images/${name}/Dockerfile`);

  const scripts = (await readdir(import.meta.dirname)).toSorted();
  const sources = scripts.map((script) => join(import.meta.dirname, script));
  const origin = originOf(process.env);
  const labels = imageLabels({ title: `keruta-${name}`, description, version }, origin);
  const texts = [...papers].flat();
  const parts = [architecture, reference, JSON.stringify(labels), ...texts, ...inputs];
  const state = await digest(parts, [dockerfile, ...sources, ...files]);
  const image = { archive, reference, root };
  const isWhole = (await readText(stamp)) === state && (await readText(`${archive}.inputs`)) === state;
  if (isWhole) return { ...image, isNew: false };

  await mkdir(join(archive, ".."), { recursive: true });
  await mkdir(context, { recursive: true });
  await Promise.all([rm(stamp, { force: true }), rm(`${archive}.inputs`, { force: true })]);
  await fillRoot(root, async (aside) => {
    await recipe.fill(aside);
    for (const [place, text] of papers) {
      await mkdir(dirname(join(aside, place)), { recursive: true });
      await writeFile(join(aside, place), text);
    }
  });
  const half = `${archive}.${String(process.pid)}`;
  try {
    const { platform } = targets[architecture];
    const { epoch = 0 } = origin;
    await buildImage({ dockerfile, context, reference, platform, archive: half, labels, epoch });
    await rename(half, archive);
  } finally {
    await rm(half, { force: true });
  }
  await Promise.all([writeFile(stamp, state), writeFile(`${archive}.inputs`, state)]);
  return { ...image, isNew: true };
}

async function digest(parts: readonly (string | Uint8Array)[], files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(createHash("sha256").update(part).digest());
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex");
}

async function readText(file: string): Promise<string | undefined> {
  return await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
