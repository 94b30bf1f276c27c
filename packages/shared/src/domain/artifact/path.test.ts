import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifactPathProblem, foldArtifactName } from "./path.ts";

describe("the name of an artifact", () => {
  it.each([
    "a",
    "out/a b.txt",
    "日本語/ファイル.txt",
    "..a/b..",
    ".keruta.txt",
    "x/.keruta",
    "12:30.log",
    `${"d/".repeat(63)}f`,
  ])("may be %s", (path) => {
    expect(artifactPathProblem(path)).toBeUndefined();
  });

  it.each([
    "",
    "/a",
    "..",
    "a/..",
    "./a",
    "a//b",
    "a/",
    "c:a",
    "C:\\a",
    "a\0",
    "a\nb",
    "a\u0085b",
    ".KERUTA/a",
    "x".repeat(256),
    "d/".repeat(64) + "f",
  ])("may not be %j", (path) => {
    expect(artifactPathProblem(path)).toBeDefined();
  });

  it("never leads out of its directory where it is allowed", () => {
    const part = fc.oneof(fc.constantFrom("..", ".", "", "a"), fc.string({ unit: "binary", maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = parts.join("/");
        fc.pre(artifactPathProblem(path) === undefined);
        expect(
          new URL(encodeURI(path.toWellFormed()).replaceAll(/[?#]/g, "x"), "file:///root/").pathname,
        ).toMatch(/^\/root\/./);
      }),
    );
  });

  it("is one with its case and normalisation twins", () => {
    for (const [first, second] of [
      ["README", "readme"],
      ["straße", "STRASSE"],
      ["caf\u00e9", "cafe\u0301"],
      ["\u212a", "k"],
    ] as const) {
      expect(foldArtifactName(first)).toBe(foldArtifactName(second));
    }
    expect(foldArtifactName("a")).not.toBe(foldArtifactName("b"));
  });
});
