import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../sandbox.ts";

const secret = "correct-horse-battery";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox();
  const secrets = join(sandbox.directory, "config/keruta/secrets/registry");
  await mkdir(secrets, { recursive: true });
  await writeFile(join(secrets, "token"), `${secret}\n`);
  await chmod(join(secrets, "token"), 0o600);
  const repository = join(sandbox.directory, "repository");
  await mkdir(repository);
  const git = (...args: string[]) => execFileSync("git", ["-C", repository, ...args], { stdio: "pipe" });
  git("init", "-q", "-b", "main");
  await writeFile(join(repository, "input.txt"), "from the repository\n");
  git("add", ".");
  git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "one");
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const task = (directory: string, script: string, artifacts = '["out/**"]') => `
apiVersion: keruta/v1
kind: Task
title: whole
spec:
  runner: local
  repository: { url: "file://${directory}/repository" }
  secretEnv: { TOKEN: { secret: registry, key: token } }
  volumes:
    - { name: cache, pvc: { claim: cache, size: 1Gi }, mountPath: /cache }
  artifacts: { paths: ${artifacts}, required: true }
  script: ${JSON.stringify(script)}
`;

describe("a task with all that a local run has", () => {
  test("gets its repository, secrets and volumes, and leaves verified artifacts", async () => {
    const script = [
      "cat input.txt",
      'echo "token $TOKEN"',
      "echo kept >> $KERUTA_VOLUME_CACHE/kept",
      "mkdir out && cp input.txt out/copy.txt && echo more > $KERUTA_ARTIFACTS/more.txt",
      'echo "::keruta:progress 50 half"',
      "keruta-agent output version 1.2.3",
    ].join("\n");
    const file = await sandbox.file("whole.yaml", task(sandbox.directory, script));
    const to = join(sandbox.directory, "fetched");
    const run = await sandbox.run(["submit", "-f", file, "--artifacts-dir", to]);
    expect(run.stderr).toMatch(/COMPLETED/);
    expect(run.code).toBe(0);
    expect(run.stdout.toString()).toBe("from the repository\ntoken ***\n");
    expect((await readdir(to, { recursive: true })).toSorted()).toEqual(["more.txt", "out", "out/copy.txt"]);
    expect(await readFile(join(to, "out/copy.txt"), "utf8")).toBe("from the repository\n");
    expect(await readFile(join(sandbox.directory, "state/keruta/claims/cache/kept"), "utf8")).toBe("kept\n");
    const shown = await sandbox.json(["show", "@last"]);
    expect(shown).toMatchObject({
      progress: { percent: 50, message: "half" },
      attempt: { artifacts: { status: "Collected", files: 2 }, log: { complete: true } },
    });
  });

  test("no file, output or database of keruta has the secret's value", async () => {
    const logs = await sandbox.run(["logs", "@last", "-o", "jsonl"]);
    expect(logs.stdout.includes(secret)).toBe(false);
    const state = join(sandbox.directory, "state");
    const found: string[] = [];
    for (const entry of await readdir(state, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name));
      if (bytes.includes(secret)) found.push(entry.name);
    }
    expect(found).toEqual([]);
  });

  test("required artifacts that are missing make it fail with exit code 125", async () => {
    const file = await sandbox.file("missing.yaml", task(sandbox.directory, "true", '["nowhere/**"]'));
    const run = await sandbox.run(["submit", "-f", file]);
    expect(run.code).toBe(125);
    expect(run.lastWord).toMatch(/FAILED: ArtifactsMissing .*nowhere/);
  });

  test("a secret that is not there is named, and the command never starts", async () => {
    const script = "echo started";
    const file = await sandbox.file(
      "secret.yaml",
      task(sandbox.directory, script).replace("key: token", "key: nope"),
    );
    const run = await sandbox.run(["submit", "-f", file]);
    expect(run.code).toBe(125);
    expect(run.stdout.toString()).toBe("");
    expect(run.lastWord).toMatch(/ContainerConfigError.*"registry".*"nope"/);
  });

  test(
    "OnFailure restarts the command in place, and then it is CrashLoopBackOff",
    { timeout: 60_000 },
    async () => {
      const file = await sandbox.file(
        "restart.yaml",
        `apiVersion: keruta/v1\nkind: Task\nspec: { runner: local, restartPolicy: OnFailure, restarts: 1, command: [sh, -c, "echo again; exit 9"] }\n`,
      );
      const run = await sandbox.run(["submit", "-f", file]);
      expect(run.code).toBe(9);
      expect(run.stdout.toString()).toBe("again\nagain\n");
      expect(run.lastWord).toContain("CrashLoopBackOff");
    },
  );
});
