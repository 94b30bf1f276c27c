import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

interface Locked {
  readonly packages: Readonly<Record<string, { readonly gypfile?: boolean; readonly resolved?: string }>>;
}

const { packages } = JSON.parse(
  await readFile(join(import.meta.dirname, "../../package-lock.json"), "utf8"),
) as Locked;

// It brings its library. npm 10 believes the lockfile alone, and would want Python and a compiler; `npm install` takes the
// line out where it writes the entry anew.
test('the lockfile says of better-sqlite3 that there is nothing to compile ("gypfile": false)', () => {
  expect(packages["node_modules/better-sqlite3"]?.gypfile).toBe(false);
});

test("the lockfile names no registry", () => {
  const named = Object.entries(packages).filter(([, { resolved }]) => resolved?.startsWith("http"));
  expect(named).toEqual([]);
});
