import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A package of which something is in what is shipped. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its manifest says it, an SPDX expression. */
  readonly licence: string;
  /** Whose it is, as its manifest says it. */
  readonly holder: string;
  /** What its licence and notice files say. */
  readonly texts: readonly string[];
  /** Place in package-lock.json. */
  readonly lockKey: string;
}

interface Output {
  readonly fileName: string;
  /** Of chunks: what became of each module. */
  readonly modules?: Readonly<Record<string, { readonly renderedLength: number }>>;
}

/** The packages that are really in bundles, not those that are installed; a module of which nothing was left counts not. */
export async function bundledPackages(
  root: string,
  outputs: readonly Output[],
): Promise<readonly BundledPackage[]> {
  const keys = new Set<string>();
  for (const { modules = {} } of outputs) {
    for (const [id, { renderedLength }] of Object.entries(modules)) {
      const key = renderedLength > 0 ? lockKeyOf(root, id) : undefined;
      if (key !== undefined) keys.add(key);
    }
  }
  return await Promise.all([...keys].toSorted().map((key) => readPackage(root, key)));
}

/** `node_modules/a/node_modules/@b/c` of any file below it. */
function lockKeyOf(root: string, id: string): string | undefined {
  const path = id.replace(/^\0/, "").replace(/\?.*$/, "").replaceAll("\\", "/");
  const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/@][^/]*)\//.exec(path)?.[1];
  const base = `${root.replaceAll("\\", "/").replace(/\/$/, "")}/`;
  return found?.startsWith(base) ? found.slice(base.length) : undefined;
}

async function readPackage(root: string, lockKey: string): Promise<BundledPackage> {
  const directory = join(root, lockKey);
  const manifest = JSON.parse(await readFile(join(directory, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license?: string;
    author?: string | { readonly name?: string };
  };
  const files = (await readdir(directory)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = await Promise.all(
    files.toSorted().map(async (file) => (await readFile(join(directory, file), "utf8")).trim()),
  );
  const { name, version, license: licence, author } = manifest;
  if (licence === undefined) throw new Error(`${lockKey} names no licence: it cannot be shipped`);
  const holder = (typeof author === "object" ? author.name : author) ?? `the authors of ${name}`;
  return { name, version, licence, holder, texts, lockKey };
}
