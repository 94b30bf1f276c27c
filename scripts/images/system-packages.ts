import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Libraries } from "./libraries.ts";
import { run } from "./run.ts";

export interface SystemPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** Debian's packages that the libraries come from; none where there is no dpkg. */
export async function systemPackages(libraries: Libraries): Promise<readonly SystemPackage[]> {
  const found = new Map<string, SystemPackage>();
  for (const file of [libraries.loader, ...libraries.files.values()]) {
    const owner = await ownerOf(await realpath(file));
    if (owner === undefined || found.has(owner)) continue;
    const format = "--showformat=${Package} ${Version} ${Architecture}";
    const [name = "", version = "", architecture = ""] = (
      await run("dpkg-query", ["--show", format, owner])
    ).split(" ");
    found.set(owner, { name, version, architecture });
  }
  return [...found.values()];
}

/** dpkg may know the file by its place before /lib became /usr/lib. */
async function ownerOf(file: string): Promise<string | undefined> {
  const pattern = `*/${basename(dirname(file))}/${basename(file)}`;
  const answer = await run("dpkg-query", ["--search", pattern]).catch(() => "");
  for (const line of answer.split("\n")) {
    const [, owner, place] = /^([^ ]+): (\/.*)$/.exec(line) ?? [];
    if (place !== undefined && file.endsWith(place)) return owner;
  }
  return undefined;
}
