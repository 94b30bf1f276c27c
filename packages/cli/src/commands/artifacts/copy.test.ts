import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { copyArtifact } from "./copy.ts";

test("a copy that is interrupted leaves nothing behind", async () => {
  await using surroundings = await testContext();
  const to = await mkdtemp(join(tmpdir(), "keruta-copy-"));
  const controller = new AbortController();
  const sha256 = createHash("sha256").update("ab").digest("hex");
  const onBytes = () => {
    controller.abort();
  };
  const source = {
    nameOf: () => "out",
    async read() {
      return (async function* () {
        yield Buffer.from("a");
        yield Buffer.from("b");
      })();
    },
  };
  const file = { path: "out", bytes: 2, mode: 0o644, sha256, skipped: null };
  const { signal } = controller;
  await copyArtifact(surroundings.context, { file, source, to, force: false, onBytes, signal });
  expect(await readdir(to)).toEqual([]);
  await rm(to, { recursive: true });
});
