import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSandbox, type Sandbox } from "../sandbox.ts";
import { canMount, fillWith, mountSmallDisk, type SmallDisk } from "./small-disk.ts";

const sum = (of: readonly number[]) => of.reduce((total, each) => total + each, 0);

interface Gap {
  readonly kind?: string;
  readonly gap?: { readonly stdoutBytes: number; readonly stderrBytes: number; readonly reason: string };
}

describe.skipIf(!canMount)("on a full disk (needs root, to mount one)", { timeout: 120_000 }, () => {
  let sandbox: Sandbox;
  let small: SmallDisk;
  let disk: string;
  let env: { readonly KERUTA_DB: string };
  beforeEach(async () => {
    sandbox = await createSandbox();
    small = mountSmallDisk("6m");
    disk = small.directory;
    env = { KERUTA_DB: `sqlite:${join(disk, "queue.db")}` };
  });
  afterEach(async () => {
    await sandbox[Symbol.asyncDispose]();
    small[Symbol.dispose]();
  });

  const submit = ["submit", "--runner", "local"];
  const noise = "head -c 15000000 /dev/urandom | base64; head -c 100000 /dev/urandom | base64 >&2";
  const newest = async () => {
    const { stdout } = await sandbox.run(["list", "-o", "json"], { env });
    return (JSON.parse(stdout.toString()) as { items: { id: string; status: string }[] }).items;
  };
  const show = async (id: string) => {
    const { stdout } = await sandbox.run(["show", id, "-o", "json"], { env });
    return JSON.parse(stdout.toString()) as {
      status: string;
      attempt: { exitCode: number; reason: string; log: { bytes: number; complete: boolean } };
    };
  };
  const gapsOf = async (id: string) => {
    const { stdout } = await sandbox.run(["logs", id, "-o", "jsonl"], { env });
    const records = stdout
      .toString()
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as Gap);
    return records.flatMap(({ gap }) => gap ?? []);
  };

  test("a task whose log fills it ends with its own code, and a gap says what is missing", async () => {
    const run = await sandbox.run([...submit, "--", "sh", "-c", `${noise}; exit 3`], { env });
    expect(run.code).toBe(3);
    expect(run.stdout.length).toBe(20_263_158);
    expect(run.stderr.match(/no space is left/g)).toHaveLength(1);
    expect(run.stderr).toContain("free some space there");
    const [task] = await newest();
    const id = task?.id ?? "";
    const { status, attempt } = await show(id);
    expect([status, attempt.reason, attempt.exitCode]).toEqual(["FAILED", "Error", 3]);
    expect(attempt.log.complete).toBe(false);
    expect(attempt.log.bytes).toBeGreaterThan(1_000_000);
    const gaps = await gapsOf(id);
    expect(gaps.map(({ reason }) => reason)).toEqual(["disk-full"]);
    const logs = await sandbox.run(["logs", id], { env });
    expect(logs.stdout.length + sum(gaps.map(({ stdoutBytes }) => stdoutBytes))).toBe(run.stdout.length);
    expect(logs.stderr).toContain("no space left");
    expect((await sandbox.run(["db", "check"], { env })).code).toBe(0);
  });

  test("other tasks finish meanwhile, also when others take what is left, and a task's removal makes room", async () => {
    const go = join(sandbox.directory, "go");
    const waiting = sandbox.start(
      [...submit, "--", "sh", "-c", 'while [ ! -e "$0" ]; do sleep 0.1; done; exit 5', go],
      {
        env,
      },
    );
    const running = async () => (await newest()).some(({ status }) => status === "IN_PROGRESS");
    while (!(await running()));
    const loud = await sandbox.run([...submit, "--", "sh", "-c", `${noise}; exit 3`], { env });
    expect(loud.code).toBe(3);
    fillWith(join(disk, "of-others"));
    writeFileSync(go, "");
    expect(await waiting.ended).toMatchObject({ code: 5 });
    rmSync(join(disk, "of-others"));
    const ended = await newest();
    for (const { id } of ended) {
      const removal = await sandbox.run(["task", "delete", id], { env });
      expect(removal).toMatchObject({ code: 0, stderr: "" });
    }
    const again = await sandbox.run(["add", "--", "true"], { env });
    expect(again).toMatchObject({ code: 0, stderr: "" });
  });

  test("over a server whose disk is full it is the same", async () => {
    const server = sandbox.start(["serve", "--listen", "127.0.0.1:0"], { env });
    let words = "";
    server.child.stderr?.on("data", (chunk: Buffer) => (words += chunk.toString()));
    const url = await vi.waitFor(
      () => {
        const [, found] = /serving \S+ at (\S+)/.exec(words) ?? [];
        if (found === undefined) throw new Error(`not serving yet: ${words}`);
        return found;
      },
      { timeout: 20_000 },
    );
    const token = readFileSync(join(sandbox.directory, "state/keruta/admin-token"), "utf8").trim();
    const api = { KERUTA_API_URL: url, KERUTA_API_TOKEN: token };
    const args = [...submit, "--driver", "self", "--", "sh", "-c", `${noise}; exit 3`];
    const run = await sandbox.run(args, { env: api });
    expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining("no space is left") });
    expect(run.stdout.length).toBe(20_263_158);
    server.child.kill("SIGTERM");
    await server.ended;
    const [task] = await newest();
    expect(await show(task?.id ?? "")).toMatchObject({ status: "FAILED", attempt: { exitCode: 3 } });
    expect((await gapsOf(task?.id ?? "")).map(({ reason }) => reason)).toEqual(["disk-full"]);
  });

  test("when there is space again while it runs, the log goes on, with nothing lost that the spool has", async () => {
    const go = join(sandbox.directory, "go");
    const script = `head -c 9000000 /dev/urandom | base64; while [ ! -e "$0" ]; do sleep 0.2; echo .; done; echo last`;
    const started = sandbox.start([...submit, "--", "sh", "-c", script, go], { env });
    await new Promise<void>((resolve) => {
      started.child.stderr?.on("data", (chunk: Buffer) => {
        if (chunk.includes("no space is left")) resolve();
      });
    });
    small.resize("64m");
    const [{ id } = { id: "" }] = await newest();
    const stored = async () => (await sandbox.run(["logs", id, "--tail", "1"], { env })).stdout.toString();
    while ((await stored()) !== ".\n");
    writeFileSync(go, "");
    const run = await started.ended;
    expect(run.code).toBe(0);
    expect((await show(id)).attempt.log).toMatchObject({ complete: true, bytes: run.stdout.length });
    expect(await gapsOf(id)).toEqual([]);
    expect(statSync(join(disk, "queue.db-reserve")).size).toBe(1024 * 1024);
  });
});
