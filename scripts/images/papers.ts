import { readFile, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Libraries } from "./libraries.ts";
import { run } from "./run.ts";

interface PapersInput {
  readonly root: string;
  /** Licences of the packages in the bundle. */
  readonly thirdParty: string;
  /** Node's program, beside which its licences lie. */
  readonly node: string;
  readonly libraries: Libraries;
}

/** Licences of all that is in an image, by the place where Debian has them. */
export async function papersOf(input: PapersInput): Promise<ReadonlyMap<string, string>> {
  const { root, thirdParty, node, libraries } = input;
  const papers = new Map([
    ["usr/share/doc/keruta/LICENSE", await readFile(join(root, "LICENSE"), "utf8")],
    ["usr/share/doc/keruta/THIRD-PARTY-LICENSES.txt", thirdParty],
    ["usr/share/doc/node/LICENSE", await nodeLicence(node)],
  ]);
  for (const file of [libraries.loader, ...libraries.files.values()]) {
    const owner = await debianPackageOf(file);
    if (owner === undefined) continue;
    const text = await readFile(`/usr/share/doc/${owner}/copyright`, "utf8");
    papers.set(`usr/share/doc/${owner}/copyright`, text);
  }
  return papers;
}

/** Node's own and those of what is in it. */
export async function nodeLicence(node: string): Promise<string> {
  return await readFile(join(dirname(node), "../LICENSE"), "utf8");
}

/** None where dpkg is not. dpkg may know the file by its place before /lib became /usr/lib. */
async function debianPackageOf(file: string): Promise<string | undefined> {
  const place = await realpath(file);
  const pattern = `*/${basename(dirname(place))}/${basename(place)}`;
  const owners = await run("dpkg-query", ["--search", pattern]).catch(() => "");
  const lines = owners.split("\n").filter((line) => /^[^ ]+: \//.test(line));
  const line = lines.find((one) => one.endsWith(place) || place.endsWith(one.replace(/^[^ ]+: /, "")));
  return line?.replace(/(:\w+)?: .*/, "");
}
