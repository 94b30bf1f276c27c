import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDeployment, type Deployment } from "./deployment.ts";
import { busybox } from "./submitted.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await createDeployment({ workers: 2, concurrency: 5 });
}, 240_000);
afterAll(() => deployment[Symbol.asyncDispose]());

const submit = (...args: readonly string[]) => deployment.keruta(["submit", "--image", busybox, ...args]);
const script = (text: string) => ["--", "sh", "-c", text];

describe("with a token and no kubeconfig", () => {
  test.concurrent.each([
    ["true", 0],
    ["exit 7", 7],
    ["exit 255", 255],
    ["kill -TERM $$", 143],
    ["nosuchprogram", 127],
  ])("`%s` exits with %i", { timeout: 120_000 }, async (text, code) => {
    expect((await submit(...script(text))).code).toBe(code);
  });

  test.concurrent("both streams come as they were written", { timeout: 120_000 }, async () => {
    const run = await submit(...script("printf 'a\\r\\nb'; printf 'oops\\n' >&2"));
    expect([run.code, run.stdout.toString()]).toEqual([0, "a\r\nb"]);
    expect(run.stderr).toContain("oops\n");
  });

  test.concurrent(
    "a megabyte of lines comes whole, and again from keruta logs",
    { timeout: 120_000 },
    async () => {
      const run = await submit("--id-file", "lines.id", ...script("seq 1 150000"));
      const expected = Array.from({ length: 150_000 }, (_, n) => `${String(n + 1)}\n`).join("");
      expect(run.stdout.toString() === expected).toBe(true);
      const id = (await readFile(join(deployment.cluster.directory, "lines.id"), "utf8")).trim();
      const again = await deployment.keruta(["logs", id]);
      expect(again.stdout.toString() === expected).toBe(true);
    },
  );

  test.concurrent(
    "a log that a worker archived comes from the server as before",
    { timeout: 120_000 },
    async () => {
      const { cluster, keruta } = deployment;
      const run = await submit("--id-file", "archived.id", ...script("seq 1 50000"));
      const id = (await readFile(join(cluster.directory, "archived.id"), "utf8")).trim();
      const program = ["/bin/node", "/usr/lib/keruta/bin/keruta.cjs"];
      const archive = ["logs", "archive", id, "--to", "/var/lib/keruta/archive", "-o", "json"];
      const words = await cluster.kubectl("exec", "deployment/keruta-worker", "--", ...program, ...archive);
      expect(JSON.parse(words)).toMatchObject({ archived: { objects: 1 } });
      const again = await keruta(["logs", id]);
      expect(again.stdout.equals(run.stdout)).toBe(true);
      expect((await keruta(["logs", id, "--tail", "1"])).stdout.toString()).toBe("50000\n");
    },
  );

  test.concurrent("artifacts come through the server, verified", { timeout: 120_000 }, async () => {
    const flags = ["--artifact", "out/**", "--artifacts-dir", "got"];
    const run = await submit(
      ...flags,
      ...script(
        "mkdir -p out/deep; head -c 3000000 /dev/urandom > out/deep/x; sha256sum out/deep/x | cut -c1-64",
      ),
    );
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining("COMPLETED")]);
    const bytes = await readFile(join(deployment.cluster.directory, "got/out/deep/x"));
    expect(bytes.length).toBe(3_000_000);
  });

  test.concurrent("a cancel stops the command", { timeout: 120_000 }, async () => {
    const { child, ended } = deployment.start([
      "submit",
      "--image",
      busybox,
      ...script("echo up; sleep 600"),
    ]);
    await new Promise<void>((resolve) => child.stdout?.once("data", () => resolve()));
    child.kill("SIGINT");
    const run = await ended;
    expect([run.code, run.lastWord]).toEqual([130, expect.stringContaining("CANCELLED")]);
  });

  test.concurrent("a task's Pod reaches the server by its name", { timeout: 120_000 }, async () => {
    const run = await submit(...script("wget -qO- http://keruta-api:8080/healthz"));
    expect([run.code, run.stdout.toString()]).toEqual([0, "ok\n"]);
  });

  test.concurrent.each([
    ["the administrator's token", ["--secret-env", "TOKEN=keruta-admin-token:token"], "keruta's own"],
    ["the worker's own process", ["--runner", "local"], "keruta.policy.runners"],
  ])("%s is not to be had by a task", { timeout: 120_000 }, async (_, flags, sentence) => {
    const run = await deployment.keruta(["add", "--image", busybox, ...flags, "--", "env"]);
    expect([run.code === 0, run.stderr]).toEqual([false, expect.stringContaining(sentence)]);
  });

  test.concurrent("doctor tells of the server and its workers", async () => {
    const { stdout } = await deployment.keruta(["doctor"]);
    expect(stdout.toString()).toMatch(/ok +api: .* 2 workers are alive/);
  });
});

test("a rolling restart of server and workers loses no task", { timeout: 240_000 }, async () => {
  const { cluster, keruta } = deployment;
  const runs = Array.from({ length: 6 }, (_, n) =>
    submit(...script(`sleep ${String(5 + n)}; echo done; exit ${String(n)}`)),
  );
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await cluster.kubectl("rollout", "restart", "deployment/keruta-api", "deployment/keruta-worker");
  const ended = await Promise.all(runs);
  expect(ended.map(({ code, stdout }) => [code, stdout.toString()])).toEqual(
    ended.map((_, n) => [n, "done\n"]),
  );
  const list = await keruta(["list", "--status", "IN_PROGRESS", "-o", "name"]);
  expect(list.stdout.toString()).toBe("");
});

test("no Secret's value is in a manifest, a log of the Pods, or the database's answers", async () => {
  const { cluster, token, postgres } = deployment;
  const password = new URL(postgres.url).password;
  const texts = [
    await cluster.kubectl("get", "deployment,pod,service,configmap,role", "-o", "yaml"),
    await cluster.kubectl("logs", "deployment/keruta-api", "--all-containers"),
    await cluster.kubectl("logs", "deployment/keruta-worker", "--all-containers"),
    (await deployment.keruta(["settings", "list", "-o", "json"])).stdout.toString(),
  ];
  for (const text of texts) {
    expect(text.includes(token)).toBe(false);
    expect(text.includes(password)).toBe(false);
  }
});
