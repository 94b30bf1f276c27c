import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sbom, type Component } from "../supply/sbom.ts";
import type { SystemPackage } from "./system-packages.ts";

interface PapersInput {
  readonly root: string;
  readonly name: string;
  readonly version: string;
  readonly epoch: number | undefined;
  /** Licences of the packages in the bundle. */
  readonly thirdParty: string;
  /** Node's program, beside which its licences lie. */
  readonly node: string;
  readonly system: readonly SystemPackage[];
  readonly components: readonly Component[];
}

/** What an image is made of, and the licences of all of it, by the place where Debian has such things. */
export async function papersOf(input: PapersInput): Promise<ReadonlyMap<string, string>> {
  const { root, thirdParty, node, system } = input;
  const papers = new Map([
    ["usr/share/doc/keruta/LICENSE", await readFile(join(root, "LICENSE"), "utf8")],
    ["usr/share/doc/keruta/THIRD-PARTY-LICENSES.txt", thirdParty],
    [billPlace, sbom(input)],
    ["usr/share/doc/node/LICENSE", await nodeLicence(node)],
  ]);
  for (const { name } of system) {
    const text = await readFile(`/usr/share/doc/${name}/copyright`, "utf8");
    papers.set(`usr/share/doc/${name}/copyright`, text);
  }
  return papers;
}

/** Of the bill of materials. */
export const billPlace = "usr/share/doc/keruta/sbom.cdx.json";

/** Node's own and those of what is in it. */
export async function nodeLicence(node: string): Promise<string> {
  return await readFile(join(dirname(node), "../LICENSE"), "utf8");
}
