import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const dist = join(import.meta.dirname, "../../packages/cli/dist");

/** All files that Node reads before the first line of one runs. */
async function closureOf(file: string, known = new Set<string>()): Promise<ReadonlySet<string>> {
  if (known.has(file)) return known;
  known.add(file);
  const text = await readFile(join(dist, file), "utf8");
  for (const [, path = ""] of text.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)) {
    await closureOf(join(dirname(file), path), known);
  }
  return known;
}

test("what only the server needs is read by `keruta serve` alone", async () => {
  const chunks = (await readdir(join(dist, "chunks"))).filter((name) => name.endsWith(".js"));
  const readers: string[] = [];
  for (const file of ["keruta.js", ...chunks.map((name) => `chunks/${name}`)]) {
    const closure = await closureOf(file);
    if ([...closure].some((name) => name.startsWith("chunks/server-"))) readers.push(file);
  }
  const names = readers.map((name) => name.replace(/^chunks\/|-[\w-]{8}\.js$/g, ""));
  // A lazy import of the server's own has a file of its own.
  expect(names.filter((name) => !/^(server|serve|dist)$/.test(name))).toEqual([]);
  expect(names).toContain("serve");
});
