import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { brokenReferences } from "../scripts/docs/check-references.ts";
import { metricTable } from "../packages/server/src/docs/metric-table.ts";
import { fillParts, partMarks } from "../scripts/docs/parts.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "keruta-docs-"));
  mkdirSync(join(root, "docs"));
  mkdirSync(join(root, "packages/cli/src"), { recursive: true });
  writeFileSync(join(root, "packages/cli/src/main.ts"), "");
  writeFileSync(join(root, "README.md"), "# Read me\n\n## Exit codes\n");
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function broken(page: string): readonly string[] {
  writeFileSync(join(root, "docs/page.md"), page);
  return brokenReferences(root);
}

test("links to pages, headings and folders that are there pass", () => {
  const page =
    "[a](../README.md) [b](../README.md#exit-codes) [c](#my-heading) [d](https://x.example) [e](../packages/)\n\n## My heading\n";
  expect(broken(page)).toEqual([]);
});

test.each([
  ["[a](gone.md)", "docs/page.md: the link gone.md leads nowhere"],
  ["[a](../README.md#nothing)", "docs/page.md: there is no heading for ../README.md#nothing"],
  ["see `packages/cli/src/gone.ts`", "docs/page.md: there is no packages/cli/src/gone.ts"],
  ["see `src/gone.ts`", "docs/page.md: there is no src/gone.ts"],
])("%s is told", (page, complaint) => {
  expect(broken(page)).toEqual([complaint]);
});

test("paths may be whole, a pattern, or an end; what is in a fence is no path of ours", () => {
  expect(broken("`packages/cli/src/main.ts`, `packages/*/src/`, `src/{main,gone}.ts`, `main.ts`")).toEqual(
    [],
  );
  expect(broken("```sh\ncat `packages/gone.ts`\n```\n")).toEqual([]);
});

test("a part is replaced, and what is around it stays", () => {
  const { begin, end } = partMarks("table");
  const page = `before\n${begin}\nold\n${end}\nafter\n`;
  const filled = fillParts(page, [{ name: "table", content: "new\n" }]);
  expect(filled).toBe(`before\n${begin}\n\nnew\n\n${end}\nafter\n`);
  expect(fillParts(filled, [{ name: "table", content: "new" }])).toBe(filled);
  expect(() => fillParts(page, [{ name: "other", content: "" }])).toThrow('no part "other"');
});

test("alerts of the operating guide use metrics that there are", async () => {
  const page = readFileSync(join(import.meta.dirname, "../docs/operating.md"), "utf8");
  const there = new Set((await metricTable()).match(/keruta_[a-z_]+/g));
  const [, alerts = ""] = page.split("<!-- end of metrics -->");
  const used = [...alerts.matchAll(/\bkeruta_[a-z_]+?(?=(?:_bucket|_count|_sum)?\b)/g)].map(([name]) => name);
  expect(used.length).toBeGreaterThan(5);
  expect(used.filter((name) => !there.has(name))).toEqual([]);
});
