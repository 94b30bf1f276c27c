import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cliReference } from "../packages/cli/src/docs/cli-reference.ts";
import { errorsReference, exitCodesReference, settingsReference } from "../packages/cli/src/docs/tables.ts";

interface GeneratedFile {
  /** From the root of the repository. */
  path: string;
  content: () => string | Promise<string>;
}

const files: GeneratedFile[] = [
  { path: "docs/cli.md", content: cliReference },
  { path: "docs/settings.md", content: settingsReference },
  { path: "docs/exit-codes.md", content: exitCodesReference },
  { path: "docs/errors.md", content: errorsReference },
];

const root = join(import.meta.dirname, "..");
const check = process.argv.includes("--check");
const stale: string[] = [];

for (const { path, content } of files) {
  const wanted = await content();
  const present = await readFile(join(root, path), "utf8").catch(() => undefined);
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
