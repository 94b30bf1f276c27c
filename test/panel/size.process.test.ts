import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const built = join(import.meta.dirname, "../../packages/cli/dist/panel");

test("the panel's JavaScript is at most 150 kB, compressed", async () => {
  const scripts = (await readdir(built, { recursive: true })).filter((name) => name.endsWith(".js"));
  expect(scripts.length).toBeGreaterThan(0);
  const sizes = await Promise.all(
    scripts.map(async (name) => gzipSync(await readFile(join(built, name)), { level: 9 }).length),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(150_000);
});

test("the page names nothing but its own files, and has no script or style of its own", async () => {
  const page = await readFile(join(built, "index.html"), "utf8");
  const names = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) expect(name).toMatch(/^\/assets\/[\w-]+-[\w-]{8}\.(?:js|css|svg)$/);
  expect(page).not.toMatch(/<style|style=|<script(?![^>]* src=)|\bon\w+=/);
});
