import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createSandbox } from "../sandbox.ts";
import { says } from "./says.ts";
import { serve } from "./serving.ts";

const script = (text: string) => ["--", "sh", "-c", text];

test("the main job over a server that works too, with artifacts from its store", async () => {
  await using sandbox = await createSandbox();
  const server = await serve(sandbox, "--worker", "--concurrency", "2");
  const { env } = server;
  expect((await stat(join(sandbox.directory, "state/keruta/admin-token"))).mode & 0o777).toBe(0o600);
  await sandbox.run(["settings", "set", "kubernetes.enabled", "false"], { env });
  const run = await sandbox.run(
    [
      "submit",
      "--artifact",
      "out",
      "--artifacts-dir",
      "got",
      ...script("echo hello; echo no >&2; echo x > out; exit 7"),
    ],
    { env },
  );
  expect([run.code, run.stdout.toString()]).toEqual([7, "hello\n"]);
  expect(run.stderr).toContain("no\n");
  expect(await readFile(join(sandbox.directory, "got/out"), "utf8")).toBe("x\n");
  const headers = { authorization: `Bearer ${env["KERUTA_API_TOKEN"] ?? ""}` };
  const doctor = await fetch(`${server.url}/api/doctor`, { headers });
  expect(await doctor.json()).toMatchObject({
    ok: true,
    items: [{ name: "node" }, { name: "database" }, {}, {}],
  });
  const again = await sandbox.run(["logs", "@last"], { env });
  expect(again.stdout.toString()).toBe("hello\n");
  const ended = await server.stop();
  expect([ended.code, ended.lastWord]).toEqual([0, "keruta: stopping"]);
});

test("a closed terminal ends the server together with its worker", async () => {
  await using sandbox = await createSandbox();
  const server = await serve(sandbox, "--worker");
  server.child.kill("SIGHUP");
  // Of a server that goes on, this one ends the wait.
  const late = setTimeout(() => server.child.kill("SIGKILL"), 15_000);
  const ended = await new Promise((resolve) =>
    server.child.once("exit", (code, signal) => resolve([code, signal])),
  );
  clearTimeout(late);
  expect(ended).toEqual([0, null]);
});

test("attach follows what a worker drives, from a machine that knows no cluster", async () => {
  await using sandbox = await createSandbox();
  const server = await serve(sandbox);
  const { env } = server;
  const add = ["add", ...script("echo hello; exit 7")];
  const alone = (await sandbox.run(add, { env })).stdout.toString().trim();
  const refused = await sandbox.run(["attach", alone], { env });
  expect([refused.code, refused.stderr]).toEqual([125, expect.stringContaining("KRT_CLUSTER_NOT_FOUND")]);

  const worker = sandbox.start(["worker", "--runner", "local"], { env });
  await says(worker.child, "at a time");
  const id = (await sandbox.run(add, { env })).stdout.toString().trim();
  const run = await sandbox.run(["attach", id], { env });
  expect([run.code, run.stdout.toString()]).toEqual([7, "hello\n"]);
  worker.child.kill("SIGTERM");
  expect((await worker.ended).code).toBe(0);
  await server.stop();
});

test("a driver of its own outlives a server that is killed and comes again", async () => {
  await using sandbox = await createSandbox();
  const first = await serve(sandbox);
  const port = new URL(first.url).port;
  const driving = sandbox.start(
    ["submit", "--runner", "local", ...script("for i in 1 2 3 4 5 6; do echo $i; sleep 0.5; done; exit 3")],
    { env: first.env },
  );
  await new Promise<void>((resolve) => driving.child.stdout?.once("data", () => resolve()));
  process.kill(first.pid, "SIGKILL");
  const again = sandbox.start(["serve", "--listen", `127.0.0.1:${port}`]);
  const run = await driving.ended;
  expect([run.code, run.stdout.toString()]).toEqual([3, "1\n2\n3\n4\n5\n6\n"]);
  const shown = await sandbox.run(["show", "@last", "-o", "json"], { env: first.env });
  expect(JSON.parse(shown.stdout.toString())).toMatchObject({
    status: "FAILED",
    attempts: [{ exitCode: 3, log: { complete: true } }],
  });
  const { stdout } = await sandbox.run(["db", "check"]);
  expect(stdout.toString()).toBe("");
  again.child.kill("SIGTERM");
  expect((await again.ended).code).toBe(0);
});

test("it does not listen beyond this machine in the clear, nor twice at one place, and says what to do", async () => {
  await using sandbox = await createSandbox();
  const open = await sandbox.run(["serve", "--listen", "0.0.0.0:0"]);
  expect([open.code, open.stderr]).toEqual([2, expect.stringContaining("--tls-in-front")]);
  const server = await serve(sandbox);
  const second = await sandbox.run(["serve", "--listen", new URL(server.url).host]);
  expect([second.code, second.stderr]).toEqual([2, expect.stringContaining("already in use")]);
  expect((await server.stop()).code).toBe(0);
});

test("tokens are made, listed and revoked over the API and on the database alike", async () => {
  await using sandbox = await createSandbox();
  const server = await serve(sandbox);
  for (const env of [server.env, {}]) {
    const made = await sandbox.run(["token", "create", "ci", "--role", "viewer", "-o", "json"], { env });
    const { id, token } = JSON.parse(made.stdout.toString()) as { id: string; token: string };
    const viewer = { ...server.env, KERUTA_API_TOKEN: token };
    expect((await sandbox.run(["list"], { env: viewer })).code).toBe(0);
    const refused = await sandbox.run(["add", "--", "true"], { env: viewer });
    expect(refused.stderr).toContain("KRT_SERVER_FORBIDDEN");
    const list = await sandbox.run(["token", "list"], { env });
    expect(list.stdout.toString()).toContain(id);
    expect(list.stdout.toString()).not.toContain(token);
    expect((await sandbox.run(["token", "revoke", id], { env })).code).toBe(0);
    expect((await sandbox.run(["list"], { env: viewer })).stderr).toContain("KRT_SERVER_UNAUTHORIZED");
  }
  await server.stop();
});
