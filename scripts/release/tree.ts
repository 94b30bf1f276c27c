import { glob, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../images/run.ts";

export interface Tree {
  readonly revision: string;
  /** Seconds, of the commit. */
  readonly epoch: number;
}

/** The commit that is released. Throws where what lies there is not that commit. */
export async function cleanTree(root: string): Promise<Tree> {
  const changes = (await run("git", ["status", "--porcelain"], root)).trimEnd();
  if (changes !== "") {
    throw new Error(`release: the tree is not clean; commit these or put them away:\n${changes}`);
  }
  const [revision = "", epoch = ""] = (await run("git", ["log", "-1", "--format=%H %ct"], root))
    .trim()
    .split(" ");
  return { revision, epoch: Number(epoch) };
}

/** Throws where the packages or the changelog tell of another version. */
export async function refuseOtherVersions(root: string, version: string): Promise<void> {
  for await (const file of glob("packages/*/package.json", { cwd: root })) {
    const manifest = JSON.parse(await readFile(join(root, file), "utf8")) as { version: string };
    if (manifest.version === version) continue;
    throw new Error(
      `release: ${file} has ${manifest.version} and not ${version}: npm run release:version sets both`,
    );
  }
  const changelog = await readFile(join(root, "CHANGELOG.md"), "utf8");
  if (changelog.includes(`\n## ${version} `)) return;
  throw new Error(`release: CHANGELOG.md has no "## ${version}": npm run release:version writes it`);
}

/** npm proves where a package was built only where it says where its source is. */
async function refuseUnprovable(root: string): Promise<void> {
  const file = "packages/cli/package.json";
  const manifest = JSON.parse(await readFile(join(root, file), "utf8")) as { repository?: unknown };
  if (manifest.repository !== undefined) return;
  throw new Error(`release: --provenance needs "repository" in ${file}; set it, commit, and release again`);
}

/** Throws where a release would leave something out, contradict an older one, or promise what npm refuses. */
export async function refuseUnready(
  root: string,
  { version, provenance }: { version: string; provenance: boolean },
): Promise<void> {
  if (provenance) await refuseUnprovable(root);
  const changesets = (await readdir(join(root, ".changeset"))).filter((name) => name.endsWith(".md"));
  if (changesets.length > 0) {
    throw new Error(
      `release: ${changesets.join(", ")} would be left out: npm run release:version, then commit`,
    );
  }
  const changelog = await readFile(join(root, "CHANGELOG.md"), "utf8");
  if (
    !new RegExp(String.raw`^## ${version.replaceAll(".", String.raw`\.`)} \(\d{4}-\d\d-\d\d\)$`, "m").test(
      changelog,
    )
  ) {
    throw new Error(`release: CHANGELOG.md has to say when: "## ${version} (YYYY-MM-DD)", committed`);
  }
  if ((await run("git", ["tag", "--list", `v${version}`], root)).trim() !== "") {
    throw new Error(`release: v${version} is tagged already; a released version never changes`);
  }
}
