import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { asOrdinaryUser } from "./ordinary-user.fixture.ts";
import { removeTree } from "./remove-tree.ts";

let scratch: string;
beforeEach(async () => {
  scratch = await asOrdinaryUser(() => mkdtemp(join(tmpdir(), "keruta-remove-")));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

/** A file three directories down; these modes are theirs, from the first. */
async function tree(root: string, modes: readonly [number, number, number]): Promise<void> {
  const directories = [join(root, "a"), join(root, "a/b"), join(root, "a/b/c")] as const;
  await mkdir(directories[2], { recursive: true });
  await writeFile(join(directories[2], "file"), "words", { mode: 0o444 });
  for (const at of [2, 1, 0] as const) await chmod(directories[at], modes[at]);
}

test.each<readonly [string, readonly [number, number, number]]>([
  ["that are read-only, as a Go module cache's", [0o555, 0o555, 0o555]],
  ["that cannot even be read", [0o700, 0o000, 0o000]],
  ["that nobody may enter", [0o600, 0o600, 0o600]],
])("directories %s are removed", async (_, modes) => {
  await asOrdinaryUser(async () => {
    const root = join(scratch, "root");
    await tree(root, modes);
    await removeTree(root);
    expect(await readdir(scratch)).toEqual([]);
  });
});

test("what a link names stays as it is", async () => {
  await asOrdinaryUser(async () => {
    const elsewhere = join(scratch, "elsewhere");
    await tree(elsewhere, [0o555, 0o555, 0o555]);
    const root = join(scratch, "root");
    await tree(root, [0o700, 0o700, 0o700]);
    await symlink(join(elsewhere, "a"), join(root, "a/link"));
    await chmod(join(root, "a"), 0o555);
    await removeTree(root);
    expect(await readdir(scratch)).toEqual(["elsewhere"]);
    await expect(writeFile(join(elsewhere, "a/new"), "")).rejects.toMatchObject({ code: "EACCES" });
  });
});

test("what lies in another's directory is told, and nothing is there that is not", async () => {
  await asOrdinaryUser(async () => {
    const root = join(scratch, "root");
    await tree(root, [0o700, 0o700, 0o700]);
    await chmod(scratch, 0o555);
    await expect(removeTree(root)).rejects.toMatchObject({ code: "EACCES" });
    await removeTree(join(scratch, "missing"));
  });
});
