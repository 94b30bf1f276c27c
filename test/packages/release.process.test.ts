import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasProgram } from "../has-program.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

describe.skipIf(!hasProgram("git"))("npm run release (needs git)", () => {
  let copy: string;
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: copy });
  const release = async (...args: string[]) => {
    const words = [join(copy, "scripts/release.ts"), ...args];
    return await run(process.execPath, words, { cwd: copy }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  };
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), "keruta-release-"));
    for (const name of ["scripts", "package.json", "CHANGELOG.md", ".changeset"]) {
      await cp(join(root, name), join(copy, name), { recursive: true });
    }
    for (const name of ["agent", "cli"]) {
      const manifest = `packages/${name}/package.json`;
      await cp(join(root, manifest), join(copy, manifest));
    }
    await symlink(join(root, "node_modules"), join(copy, "node_modules"));
    await writeFile(join(copy, ".gitignore"), "node_modules\n");
    await git("init", "-q");
    await git("add", ".");
    await git("commit", "-qm", "all");
  });
  afterAll(() => rm(copy, { recursive: true }));

  test("tells what it does, and names an option that it does not know", async () => {
    expect(await release("--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("--publish") });
    expect(await release("--pubish")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--pubish.*--help/),
    });
  });

  test("publishes nothing that is unchecked", async () => {
    expect(await release("--publish", "--skip-checks")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--skip-checks"),
    });
  });

  test("is refused with a tree that is not the commit", async () => {
    await writeFile(join(copy, "left.txt"), "");
    expect(await release()).toMatchObject({ code: 1, stderr: expect.stringContaining("?? left.txt") });
    await rm(join(copy, "left.txt"));
  });

  test("is refused while changesets wait, or the changelog names no day", async () => {
    await writeFile(join(copy, ".changeset/one.md"), "---\n---\n\nNew.\n");
    await git("add", ".");
    await git("commit", "-qm", "changeset");
    expect(await release("--publish")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/one\.md.*release:version/),
    });
    await git("rm", "-q", "--", ".changeset/*.md");
    await git("commit", "-qm", "version");
    const { version } = JSON.parse(await readFile(join(copy, "packages/cli/package.json"), "utf8")) as {
      version: string;
    };
    await writeFile(join(copy, "CHANGELOG.md"), `# Changes\n\n## ${version} (not released)\n`);
    await git("commit", "-qam", "changelog");
    expect(await release("--publish")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("YYYY-MM-DD"),
    });
  });

  test("is refused where packages differ in their version", async () => {
    const file = join(copy, "packages/agent/package.json");
    await writeFile(file, (await readFile(file, "utf8")).replace(/"version": "[^"]*"/, '"version": "9.9.9"'));
    await git("commit", "-qam", "other");
    expect(await release()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/agent\/package\.json has 9\.9\.9/),
    });
  });
});
