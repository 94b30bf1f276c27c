import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { productVersion } from "./images/make-image.ts";
import { run } from "./images/run.ts";
import { summaryOf, withChanges } from "./release/changelog.ts";

// `npm run release:version`: the changesets become a version of all packages and lines of CHANGELOG.md.
const root = join(import.meta.dirname, "..");
const directory = join(root, ".changeset");
const names = (await readdir(directory)).filter((name) => name.endsWith(".md")).toSorted();
if (names.length === 0) {
  console.error("release:version: there are no changesets; `npm run changeset` writes one.");
  process.exit(1);
}
const changesets = await Promise.all(names.map((name) => readFile(join(directory, name), "utf8")));
const summaries = changesets.map(summaryOf);

await run("npx", ["changeset", "version"], root);
const version = await productVersion();
const changelog = join(root, "CHANGELOG.md");
await writeFile(changelog, withChanges(await readFile(changelog, "utf8"), version, summaries));
// What one package says of another has changed with it.
await run("npm", ["install", "--package-lock-only", "--ignore-scripts"], root);
console.log(
  `${version}: CHANGELOG.md has ${String(summaries.length)} more of changesets; look at it and commit.`,
);
