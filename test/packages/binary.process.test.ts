import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeBinary } from "../../scripts/binary/make-binary.ts";
import { repository } from "../../scripts/images/make-image.ts";
import { agentBinary, kerutaBinary } from "../../scripts/binary/programs.ts";
import { serve } from "../local/serving.ts";
import { createSandbox, type Sandbox } from "../sandbox.ts";

const run = promisify(execFile);

describe.skipIf(process.platform !== "linux")("a single binary, with no Node on the machine", () => {
  const architecture = process.arch === "arm64" ? "arm64" : "x64";
  let scratch: string;
  let keruta: string;
  let agent: string;
  let user: Sandbox;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "keruta-binary-"));
    keruta = join(scratch, "keruta");
    agent = join(scratch, "keruta-agent");
    await Promise.all([
      makeBinary({ ...(await kerutaBinary(architecture)), file: keruta }),
      makeBinary({ ...agentBinary(architecture), file: agent }),
    ]);
    user = await createSandbox(["/usr/bin/env", "PATH=/usr/bin:/bin", keruta]);
  }, 90_000);
  afterAll(async () => {
    await user[Symbol.asyncDispose]();
    await rm(scratch, { recursive: true });
  });

  test("says its version and nothing else, whatever NODE_OPTIONS holds", async () => {
    const { code, stdout, stderr } = await user.run(["version"], {
      env: { NODE_OPTIONS: "--no-such-option" },
    });
    expect([code, stdout.toString(), stderr]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/), ""]);
  });

  test("runs a task with its own agent, exits with the task's code, and leaves nothing in the temporary folder", async () => {
    const temporary = await mkdtemp(join(scratch, "tmp-"));
    const command = [
      "submit",
      "--runner",
      "local",
      "--",
      "sh",
      "-c",
      "keruta-agent progress 40 half; echo out; exit 7",
    ];
    const { code, stdout } = await user.run(command, { env: { TMPDIR: temporary } });
    expect([code, stdout.toString()]).toEqual([7, "out\n"]);
    expect(await user.json(["show", "@last"])).toMatchObject({ progress: { percent: 40, message: "half" } });
    expect(await readdir(temporary)).toEqual([]);
  });

  test("finds another folder for its library where TMPDIR is of no use", async () => {
    const { code, stderr } = await user.run(["list"], { env: { TMPDIR: "/nonexistent" } });
    expect([code, stderr]).toEqual([0, ""]);
  });

  test("serves the panel, and a worker beside it drives what is submitted over the API", async () => {
    const server = await serve(user, "--worker");
    const page = await (await fetch(server.url)).text();
    const [, script = ""] = /src="([^"]+\.js)"/.exec(page) ?? [];
    expect((await (await fetch(new URL(script, server.url))).text()).length).toBeGreaterThan(100_000);
    const { code, stdout } = await user.run(["submit", "--runner", "local", "--", "echo", "over the API"], {
      env: server.env,
    });
    expect([code, stdout.toString()]).toEqual([0, "over the API\n"]);
    expect((await server.stop()).code).toBe(0);
  });

  test("is a worker", async () => {
    const { stdout } = await user.run(["add", "--runner", "local", "--", "echo", "queued"]);
    expect((await user.run(["worker", "--until-empty"])).code).toBe(0);
    expect((await user.run(["logs", stdout.toString().trim()])).stdout.toString()).toBe("queued\n");
  });

  test("loads what only some commands need: PostgreSQL, a cluster", async () => {
    const database = await user.run(["list"], { env: { KERUTA_DB: "postgres://nobody@127.0.0.1:1/none" } });
    expect([database.code, database.stderr]).toEqual([1, expect.stringContaining("127.0.0.1:1")]);
    const cluster = await user.run(["submit", "--runner", "kubernetes", "--image", "busybox", "--", "true"]);
    expect([cluster.code, cluster.stderr]).toEqual([125, expect.stringMatching(/kubeconfig/)]);
  });

  test("holds no path of the machine, which would make each build another one", async () => {
    for (const file of [keruta, agent]) {
      const bytes = await readFile(file);
      expect([file, bytes.includes(repository), bytes.includes("/.binary-")]).toEqual([file, false, false]);
    }
  });

  test("of the agent runs a command and exits with its code", async () => {
    const command = [
      "run",
      "--task-id",
      "k7m2xqaf4t",
      "--run-dir",
      join(scratch, "run"),
      "--",
      "sh",
      "-c",
      "echo said; exit 3",
    ];
    const ended = run(agent, command, { env: { PATH: "/usr/bin:/bin", NODE_OPTIONS: "--no-such-option" } });
    await expect(ended).rejects.toMatchObject({ code: 3, stdout: expect.stringContaining("said\n") });
  });
});
