import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ArtifactFile } from "@keruta/shared/queue";
import { checkTargets } from "./copy.ts";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";
import { addTask, endTask, startTask } from "../../tasks/queued.fake.ts";

const contents: Readonly<Record<string, string>> = {
  "report/index.html": "<p>",
  "report/a b.txt": "",
  "out.bin": "\u0000\u0001",
};

async function withArtifacts(extra: readonly ArtifactFile[] = []) {
  const surroundings = await testContext();
  const queue = await surroundings.queue();
  const { id } = await addTask(queue);
  const store = join(surroundings.directory, ".local/state/keruta/artifacts", id, "1");
  const files: ArtifactFile[] = [];
  for (const [path, text] of Object.entries(contents)) {
    await mkdir(dirname(join(store, path)), { recursive: true });
    await writeFile(join(store, path), text);
    files.push({
      path,
      bytes: text.length,
      sha256: createHash("sha256").update(text).digest("hex"),
      skipped: null,
    });
  }
  files.push({ path: "huge.iso", bytes: 2 ** 31, sha256: null, skipped: "too-large" });
  await endTask(queue, await startTask(queue, id), { files: [...files, ...extra] });
  return { surroundings, id, store, out: join(surroundings.directory, "out") };
}

describe("artifacts", () => {
  it("of an attempt that there is not are refused, as its log is", async () => {
    const { surroundings, id } = await withArtifacts();
    await using closing = surroundings;
    const { context, io } = closing;
    for (const words of [["artifacts", "list"], ["logs"]]) {
      expect(await runProgram(context, [...words, id, "--attempt", "9", "-o", "json"])).toBe(1);
    }
    const [one, other] = io.stderr.text().trimEnd().split("\n");
    expect(JSON.parse(one ?? "")).toMatchObject({
      error: { code: "KRT_ATTEMPT_NOT_FOUND", details: { taskId: id, attempt: 9 } },
    });
    expect(other).toBe(one);
  });

  it("are not copied where -o names what should have been --dir", async () => {
    const { surroundings, id, out } = await withArtifacts();
    await using closing = surroundings;
    expect(await runProgram(closing.context, ["artifacts", "get", id, "-o", out])).toBe(2);
    expect(closing.io.stderr.text()).toContain(out);
  });

  it("are listed with size, digest and why one was skipped", async () => {
    const { surroundings, id } = await withArtifacts();
    await using closing = surroundings;
    await runProgram(closing.context, ["artifacts", "list", id]);
    expect(closing.io.stdout.text()).toMatch(/2 GiB +too-large +huge\.iso/);
    await runProgram(closing.context, ["artifacts", "list", id, "-o", "name"]);
    expect(closing.io.stdout.text()).toContain("\nreport/index.html\n");
  });

  it("are copied whole, with their directories, and again without a change", async () => {
    const { surroundings, id, out } = await withArtifacts();
    await using closing = surroundings;
    for (let time = 0; time < 2; time += 1) {
      expect(await runProgram(closing.context, ["artifacts", "get", id, "--dir", "out"])).toBe(0);
    }
    for (const [path, text] of Object.entries(contents))
      expect(await readFile(join(out, path), "utf8")).toBe(text);
    expect((await readdir(out, { recursive: true })).sort()).toEqual([
      "out.bin",
      "report",
      "report/a b.txt",
      "report/index.html",
    ]);
    expect(closing.io.stderr.text()).toContain("3 files (5 B)");
  });

  it("can be taken by file or directory", async () => {
    const { surroundings, id, out } = await withArtifacts();
    await using closing = surroundings;
    expect(await runProgram(closing.context, ["artifacts", "get", id, "report/", "--dir", "out"])).toBe(0);
    expect(await readdir(out)).toEqual(["report"]);
    expect(await runProgram(closing.context, ["artifacts", "get", id, "nope", "--dir", "out"])).toBe(1);
    expect(await runProgram(closing.context, ["artifacts", "get", id, "huge.iso", "--dir", "out"])).toBe(1);
    expect(closing.io.stderr.text()).toContain("has no artifact nope");
    expect(closing.io.stderr.text()).toContain("was not collected: too large");
  });

  it("replace a different file only with --force, and copy nothing before that is known", async () => {
    const { surroundings, id, out } = await withArtifacts();
    await using closing = surroundings;
    await mkdir(out);
    await writeFile(join(out, "out.bin"), "mine");
    expect(await runProgram(closing.context, ["artifacts", "get", id, "--dir", "out"])).toBe(1);
    expect(await readdir(out)).toEqual(["out.bin"]);
    expect(await readFile(join(out, "out.bin"), "utf8")).toBe("mine");
    expect(await runProgram(closing.context, ["artifacts", "get", id, "--dir", "out", "--force"])).toBe(0);
    expect(await readFile(join(out, "out.bin"), "utf8")).toBe("\u0000\u0001");
  });

  it("are refused when their bytes changed, and leave nothing half-written", async () => {
    const { surroundings, id, store, out } = await withArtifacts();
    await using closing = surroundings;
    await writeFile(join(store, "out.bin"), "tampered");
    expect(await runProgram(closing.context, ["artifacts", "get", id, "out.bin", "--dir", "out"])).toBe(1);
    expect(closing.io.stderr.text()).toContain("KRT_ARTIFACT_STREAM");
    expect(await readdir(out)).toEqual([]);
  });

  it("never leave the directory through a link", async () => {
    const { surroundings, id, out } = await withArtifacts();
    await using closing = surroundings;
    const elsewhere = join(closing.directory, "elsewhere");
    await mkdir(elsewhere);
    await mkdir(out);
    await symlink(elsewhere, join(out, "report"));
    expect(await runProgram(closing.context, ["artifacts", "get", id, "--dir", "out", "--force"])).toBe(1);
    expect(closing.io.stderr.text()).toContain("KRT_ARTIFACT_REFUSED");
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it.each(["../../escaped", "/etc/passwd", "a\\..\\b", ".keruta/x"])(
    "named %s by a store from elsewhere are not copied",
    async (path) => {
      const listed: ArtifactFile = { path, bytes: 0, sha256: "0".repeat(64), skipped: null };
      const outcome = checkTargets([listed], "/nonexistent", false);
      await expect(outcome).rejects.toMatchObject({ code: "KRT_ARTIFACT_REFUSED" });
    },
  );
});
