import { spawnSync } from "node:child_process";
import { KerutaError } from "@keruta/shared/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRef } from "./ref.ts";

/** Judges by git itself, where there is one. */
const hasGit = spawnSync("git", ["--version"]).status === 0;

test.each([
  [undefined, { kind: "default" }],
  ["", { kind: "default" }],
  ["HEAD", { kind: "default" }],
  ["main", { kind: "name", name: "main", mayBeCommit: false }],
  ["feature/日本語", { kind: "name", name: "feature/日本語", mayBeCommit: false }],
  ["cafe", { kind: "name", name: "cafe", mayBeCommit: true }],
  ["refs/pull/1/head", { kind: "name", name: "refs/pull/1/head", mayBeCommit: false }],
  ["A".repeat(40), { kind: "commit", id: "a".repeat(40) }],
  ["0".repeat(64), { kind: "commit", id: "0".repeat(64) }],
])("%j is read as %j", (text, ref) => {
  expect(parseRef(text)).toEqual(ref);
});

test.each([
  "--upload-pack=id",
  "-f",
  "a b",
  "a..b",
  "a~1",
  "a^",
  "a:b",
  "a*",
  "a@{1}",
  "@",
  "/a",
  "a/",
  "a//b",
  ".a",
  "a.lock",
  "a\n",
  "a\\b",
])("%j is refused", (text) => {
  expect(() => parseRef(text)).toThrow(expect.objectContaining({ code: "KRT_TASK_INVALID" }));
});

test.skipIf(!hasGit)("git takes as a branch name whatever is not refused", () => {
  const near = fc.string({
    unit: fc.constantFrom(...Array.from("ab-./@{~^:?*[\\ \u0001")),
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(near, (text) => {
      if (text === "HEAD" || !isAccepted(text)) return;
      const check = spawnSync("git", ["check-ref-format", `refs/heads/${text}`]);
      expect([text, check.status]).toEqual([text, 0]);
    }),
    { numRuns: 150 },
  );
});

function isAccepted(text: string): boolean {
  try {
    parseRef(text);
    return true;
  } catch (error) {
    if (error instanceof KerutaError) return false;
    throw error;
  }
}
