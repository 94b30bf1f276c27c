import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { outputs } from "../outputs.ts";
import { createPostgres } from "../postgres/server.ts";
import { createSandbox, type Sandbox } from "../sandbox.ts";
import { says } from "./says.ts";

const server = inject("postgres");

/** Two homes that share nothing but the database, as two machines do. */
describe.skipIf(!server)("a queue on PostgreSQL", () => {
  let here: Sandbox;
  let there: Sandbox;
  const env = { KERUTA_DB: server?.url ?? "" };
  const password = new URL(env.KERUTA_DB || "a:").password;
  const submit = ["submit", "--runner", "local", "--"];
  beforeAll(async () => {
    [here, there] = [await createSandbox(), await createSandbox()];
  });
  afterAll(async () => {
    await here[Symbol.asyncDispose]();
    await there[Symbol.asyncDispose]();
  });

  test("a task that one machine runs is the same task on the other", async () => {
    const path = await here.file("every byte", outputs["every byte"] ?? "");
    const ran = await here.run([...submit, "sh", "-c", 'cat "$0"; exit 7', path], { env });
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 7, stdout: outputs["every byte"] });
    const logs = await there.run(["logs", "@last"], { env });
    expect(logs.stdout).toEqual(outputs["every byte"]);
    expect((await there.run(["wait", "@last"], { env })).code).toBe(7);
    const why = await there.run(["why", "@last"], { env });
    expect(why.stdout.toString()).toContain("exit code 7");
  });

  test("each of many tasks is run by one of them", async () => {
    for (let n = 0; n < 6; n += 1) {
      await here.run(["add", "--runner", "local", "--", "echo", `task ${String(n)}`], { env });
    }
    const drain = async (sandbox: Sandbox) => {
      const printed: string[] = [];
      for (;;) {
        const { code, stdout } = await sandbox.run(["submit", "--empty-exit-code", "9"], { env });
        if (code === 9) return printed;
        printed.push(stdout.toString().trim());
      }
    };
    const printed = (await Promise.all([drain(here), drain(there), drain(there)])).flat();
    expect(printed.toSorted()).toEqual(Array.from({ length: 6 }, (_, n) => `task ${String(n)}`));
  });

  test("workers share it: each task once, and a drained one leaves the rest to the others", async () => {
    const journal = `${here.directory}/journal`;
    const script = `echo $KERUTA_TASK_TITLE >> ${journal}; sleep 0.3`;
    const tasks = Array.from({ length: 12 }, (_, n) =>
      JSON.stringify({
        apiVersion: "keruta/v1",
        kind: "Task",
        title: `w${String(n)}`,
        spec: { runner: "local", command: ["sh", "-c", script] },
      }),
    );
    await here.run(["add", "-f", await here.file("tasks.yaml", tasks.join("\n---\n"))], { env });
    const worker = (sandbox: Sandbox) =>
      sandbox.start(["worker", "--concurrency", "2", "--until-empty"], { env });
    const [first, ...others] = [worker(here), worker(there), worker(there)];
    // A process that has not yet got as far is ended by the signal itself.
    await new Promise<void>((resolve) => {
      let words = "";
      first.child.stderr?.on("data", (chunk: Buffer) => {
        words += chunk.toString();
        if (words.includes("2 at a time")) resolve();
      });
    });
    first.child.kill("SIGTERM");
    const runs = await Promise.all([first, ...others].map(({ ended }) => ended));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    const lines = (await readFile(journal, "utf8")).trim().split("\n");
    expect(lines.toSorted()).toEqual(Array.from({ length: 12 }, (_, n) => `w${String(n)}`).toSorted());
  });

  test("a cancel from the other machine stops the command, and whoever waits hears of it", async () => {
    const running = here.start([...submit, "sleep", "60"], { env });
    let status = "";
    while (status !== "IN_PROGRESS") {
      const shown = await there.run(["list", "-o", "json"], { env });
      const { items } = JSON.parse(shown.stdout.toString()) as { items: { status: string }[] };
      status = items[0]?.status ?? "";
    }
    const waiting = there.start(["wait", "@last"], { env });
    await there.run(["cancel", "@last"], { env });
    expect((await running.ended).code).toBe(130);
    expect((await waiting.ended).code).toBe(130);
  });

  test("a server that goes away for a while takes no task with it", { timeout: 60_000 }, async () => {
    const own = await createPostgres();
    if (!own) throw new Error("no server");
    try {
      const command = "for n in $(seq 8); do echo line $n; sleep 0.4; done; exit 3";
      const running = here.start([...submit, "sh", "-c", command], { env: { KERUTA_DB: own.url } });
      await new Promise<void>((resolve) => {
        running.child.stdout?.once("data", () => resolve());
      });
      await own.stop("immediate");
      await pause(1000);
      await own.start();
      const { code, stdout, stderr } = await running.ended;
      const lines = Array.from({ length: 8 }, (_, n) => `line ${String(n + 1)}\n`).join("");
      expect({ code, stdout: stdout.toString() }).toEqual({ code: 3, stdout: lines });
      expect(stderr).toContain("Trying again for a minute.");
      const logs = await there.run(["logs", "@last"], { env: { KERUTA_DB: own.url } });
      expect(logs.stdout.toString()).toBe(lines);
    } finally {
      await own.dispose();
    }
  });

  test("a server and a worker that are started before it wait for it", { timeout: 60_000 }, async () => {
    const own = await createPostgres();
    if (!own) throw new Error("no server");
    try {
      await own.stop("immediate");
      const options = { env: { KERUTA_DB: own.url } };
      const waiting = (["serve", "worker"] as const).map((command) => here.start([command], options));
      await Promise.all(waiting.map(({ child }) => says(child, "waiting for the queue")));
      const ready = ["serving", "at a time"];
      const there = Promise.all(waiting.map(({ child }, index) => says(child, ready[index] ?? "")));
      await own.start();
      await there;
      for (const { child } of waiting) child.kill("SIGTERM");
      expect((await Promise.all(waiting.map(({ ended }) => ended))).map(({ code }) => code)).toEqual([0, 0]);
    } finally {
      await own.dispose();
    }
  });

  test("is checked, and its copies are the server's tools' to make", async () => {
    const check = await here.run(["db", "check"], { env });
    expect(check).toMatchObject({ code: 0, stderr: expect.stringContaining("is sound") });
    const doctor = await here.run(["doctor"], { env });
    expect(doctor.stdout.toString()).toMatch(
      /ok +database: postgres:\/\/postgres@localhost:\d+\/postgres is whole/,
    );
    for (const [command, tool] of [
      ["backup", "pg_dump -Fc -f"],
      ["restore", "pg_restore --clean --if-exists -1 -d 'postgres://postgres@localhost:"],
    ] as const) {
      const { code, stderr } = await here.run(["db", command, "copy"], { env });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(tool) });
      expect(stderr).not.toContain(password);
    }
  });

  test("names what is wrong without the password", async () => {
    const wrong = new URL(env.KERUTA_DB);
    wrong.password = "not-the-password";
    const refused = await here.run(["list", "-o", "json"], { env: { KERUTA_DB: wrong.href } });
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({
      error: { code: "KRT_DB_UNAUTHORIZED", details: { transient: false } },
    });
    expect(refused.stderr).not.toContain("not-the-password");
    const bare = new URL(env.KERUTA_DB);
    bare.password = "";
    const line = ["list", "--db", bare.href];
    expect((await here.run(line, { env: { PGPASSWORD: password } })).code).toBe(0);
    const file = await here.file(".pgpass", `*:*:*:*:${password}\n`);
    expect((await here.run(line)).stderr).toContain(`chmod 600 ${file}`);
  });
});
