import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { brokenReferences } from "./docs/check-references.ts";
import { pages } from "./docs/pages.ts";

const root = join(import.meta.dirname, "..");
const check = process.argv.includes("--check");
const stale: string[] = [];

for (const { path, content } of pages) {
  const present = await readFile(join(root, path), "utf8").catch(() => undefined);
  const wanted = await content(present ?? "");
  if (present === wanted) continue;
  stale.push(path);
  if (check) continue;
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), wanted);
}

if (check && stale.length > 0) {
  console.error(`Out of date, run \`npm run generate\`:\n${stale.map((path) => `  ${path}`).join("\n")}`);
  process.exitCode = 1;
}

const broken = brokenReferences(root);
if (broken.length > 0) {
  console.error(`Links and paths that lead nowhere:\n${broken.map((line) => `  ${line}`).join("\n")}`);
  process.exitCode = 1;
}
