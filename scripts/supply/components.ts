import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { SystemPackage } from "../images/system-packages.ts";
import type { Component } from "./sbom.ts";

/** Node's program, as it comes from npm. */
export function nodeComponent(version: string, architecture: string): Component {
  const name = `node-linux-${architecture}`;
  return { type: "application", name, version, purl: `pkg:npm/${name}@${version}`, licence: "MIT" };
}

/** It is compiled into the library of better-sqlite3. */
export function sqliteComponent(): Component {
  const database = new Database(":memory:");
  const version = database.prepare<[], string>("select sqlite_version()").pluck().get() ?? "";
  database.close();
  return {
    type: "library",
    name: "sqlite",
    version,
    purl: `pkg:generic/sqlite@${version}`,
    licence: "blessing",
  };
}

export function systemComponents(packages: readonly SystemPackage[]): readonly Component[] {
  return packages.map(({ name, version, architecture }) => ({
    type: "library",
    name,
    version,
    purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`,
  }));
}

/** Of the npm package, as the build wrote them. */
export async function packageComponents(root: string): Promise<readonly Component[]> {
  const text = await readFile(join(root, "packages/cli/dist/sbom.cdx.json"), "utf8");
  type Written = Component & { licenses: [{ license?: { id: string }; expression?: string }] };
  const { components } = JSON.parse(text) as { components: Written[] };
  return components.map(({ type, name, version, purl, hashes = [], licenses: [first] }) => ({
    type,
    name,
    version,
    purl,
    hashes,
    licence: first.license?.id ?? first.expression ?? "",
  }));
}
