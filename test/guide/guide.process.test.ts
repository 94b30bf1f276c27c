import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { taskSchema } from "../../packages/shared/src/taskfile/index.ts";
import { createSandbox } from "../sandbox.ts";
import { examplesIn, withOutputs } from "./examples.ts";
import { runGuide } from "./run-guide.ts";

const root = join(import.meta.dirname, "../..");
const update = Boolean(process.env["KERUTA_UPDATE_GUIDE"]);

test.for([
  ["docs/guide.md", "C.UTF-8"],
  ["docs/guide.ja.md", "ja_JP.UTF-8"],
  ["README.md", "C.UTF-8"],
  ["README.ja.md", "ja_JP.UTF-8"],
] as const)("%s shows what really happens", { timeout: 300_000 }, async ([page, language]) => {
  await using sandbox = await createSandbox();
  const path = join(root, page);
  const text = await readFile(path, "utf8");
  const { complaints, outputs } = await runGuide(examplesIn(text), sandbox, language);
  if (update && complaints.length > 0) {
    await writeFile(path, withOutputs(text, outputs));
    return;
  }
  expect(complaints.join("\n\n")).toBe("");
});

test.for(["docs/guide.md", "docs/guide.ja.md"])("%s has an example of every field", async (page) => {
  const text = await readFile(join(root, page), "utf8");
  const used = new Set<string>();
  for (const example of examplesIn(text)) {
    if (example.kind !== "file" || !example.name.endsWith(".yaml")) continue;
    for (const document of parseAllDocuments(example.content)) collectKeys(document.toJS(), used);
  }
  expect([...fieldsOf(taskSchema())].filter((field) => !used.has(field))).toEqual([]);
});

function collectKeys(value: unknown, keys: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) keys.add(key);
    collectKeys(inner, keys);
  }
}

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Names of all properties, at any depth. */
function fieldsOf(schema: unknown, fields = new Set<string>()): Set<string> {
  if (typeof schema !== "object" || schema === null) return fields;
  for (const name of Object.keys((schema as Schema).properties ?? {})) fields.add(name);
  for (const inner of Object.values(schema)) fieldsOf(inner, fields);
  return fields;
}
