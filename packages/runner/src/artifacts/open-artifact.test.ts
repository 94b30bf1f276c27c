import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactFile } from "@keruta/shared/queue";
import { describe, expect, it } from "vitest";
import { trailerFile } from "./fixtures/collection.fixture.ts";
import { createTestStore } from "./fixtures/store.fixture.ts";
import { openArtifact } from "./open-artifact.ts";

const row = (path: string, content: string): ArtifactFile => ({
  ...trailerFile(path, content),
  skipped: null,
});

async function read(directory: string, file: ArtifactFile): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openArtifact(directory, file)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("reading a stored artifact", () => {
  it("gives its bytes", async () => {
    using store = createTestStore();
    mkdirSync(join(store.directory, "..dots"), { recursive: true });
    writeFileSync(join(store.directory, "..dots", "a"), "alpha");
    expect(await read(store.directory, row("..dots/a", "alpha"))).toBe("alpha");
  });

  it("fails at the end where the store was changed", async () => {
    using store = createTestStore();
    mkdirSync(store.directory, { recursive: true });
    writeFileSync(join(store.directory, "a"), "alphA");
    await expect(read(store.directory, row("a", "alpha"))).rejects.toMatchObject({
      code: "KRT_ARTIFACT_STREAM",
    });
  });

  it.each(["../precious", "/etc/passwd", "a/../../precious", "out/precious", "link", "directory"])(
    "refuses %s, which is no file inside",
    async (path) => {
      using store = createTestStore();
      mkdirSync(join(store.directory, "directory"), { recursive: true });
      symlinkSync(store.root, join(store.directory, "out"));
      symlinkSync(join(store.root, "precious"), join(store.directory, "link"));
      await expect(read(store.directory, row(path, "precious"))).rejects.toMatchObject({
        code: "KRT_ARTIFACT_REFUSED",
      });
    },
  );

  it("says so where the file was skipped or is gone", async () => {
    using store = createTestStore();
    mkdirSync(store.directory, { recursive: true });
    const skipped: ArtifactFile = { path: "big", bytes: 1, sha256: null, skipped: "too-large" };
    await expect(read(store.directory, skipped)).rejects.toMatchObject({ code: "KRT_ARTIFACT_NOT_FOUND" });
    await expect(read(store.directory, row("a/b", ""))).rejects.toMatchObject({
      code: "KRT_ARTIFACT_NOT_FOUND",
    });
    rmSync(store.directory, { recursive: true });
    await expect(read(store.directory, row("a", ""))).rejects.toMatchObject({
      code: "KRT_ARTIFACT_NOT_FOUND",
    });
  });
});
