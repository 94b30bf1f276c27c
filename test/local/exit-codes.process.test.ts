import { chmod } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../sandbox.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox();
});
afterAll(() => sandbox[Symbol.asyncDispose]());

interface Row {
  readonly what: string;
  readonly command: readonly string[];
  readonly flags?: readonly string[];
  /** Of `keruta submit`. */
  readonly code: number;
  readonly status: "COMPLETED" | "FAILED";
  readonly reason: string;
  readonly category: string;
  /** Of the command, as stored. */
  readonly exitCode: number | null;
  readonly signal?: string;
}

const exits = (code: number): Row => ({
  what: `exit ${String(code)}`,
  command: ["sh", "-c", `exit ${String(code)}`],
  code,
  status: code === 0 ? "COMPLETED" : "FAILED",
  reason: code === 0 ? "Completed" : "Error",
  category: "command",
  exitCode: code,
});

const rows: readonly Row[] = [
  ...[0, 1, 2, 7, 42, 123, 124, 125, 126, 127, 130, 200, 255].map(exits),
  {
    ...exits(139),
    what: "killed by SEGV",
    command: ["sh", "-c", "kill -SEGV $$"],
    signal: "SIGSEGV",
  },
  {
    ...exits(137),
    what: "killed by KILL",
    command: ["sh", "-c", "kill -KILL $$"],
    signal: "SIGKILL",
  },
  {
    ...exits(143),
    what: "timed out",
    command: ["sleep", "60"],
    flags: ["--timeout", "1s"],
    code: 124,
    reason: "TimedOut",
    signal: "SIGTERM",
  },
  {
    ...exits(127),
    what: "not found",
    command: ["no-such-program"],
    reason: "CommandNotFound",
    category: "task-definition",
    exitCode: null,
  },
  {
    ...exits(126),
    what: "not executable",
    command: ["./data"],
    reason: "CommandNotExecutable",
    category: "task-definition",
    exitCode: null,
  },
];

describe("keruta submit exits with the task's own code", () => {
  test.concurrent.each(rows)("$what", async (row) => {
    const command = row.what === "not executable" ? [await notExecutable()] : row.command;
    const args = ["submit", "--runner", "local", "--result", `${sandbox.directory}/${row.what}.json`];
    const run = await sandbox.run([...args, ...(row.flags ?? []), "--", ...command]);
    const task = JSON.parse(await readText(`${sandbox.directory}/${row.what}.json`)) as Record<
      string,
      unknown
    >;
    const attempt = task["attempt"] as Record<string, unknown>;

    expect(run.code).toBe(row.code);
    expect(task["status"]).toBe(row.status);
    expect(attempt).toMatchObject({
      reason: row.reason,
      category: row.category,
      exitCode: row.exitCode,
      signal: row.signal ?? null,
      phase: "Done",
    });
    expect(run.lastWord).toMatch(new RegExp(`^keruta: ${String(task["id"])} ${row.status}: ${row.reason}`));
    const wait = await sandbox.run(["wait", String(task["id"])]);
    expect(wait.code).toBe(row.code);
    const shown = await sandbox.run(["explain", row.reason]);
    expect(shown.code).toBe(0);
  });

  test("wait and logs --follow stay while nothing happens, and end with the task", async () => {
    const added = await sandbox.run(["add", "--", "sh", "-c", "echo word; exit 7"]);
    const id = added.stdout.toString().trim();
    const following = [["wait", id] as const, ["logs", "--follow", id] as const].map((args) =>
      sandbox.start([...args]),
    );
    const ended = following.map((run) => run.ended);
    await pause(2000);
    expect(following.map(({ child }) => child.exitCode)).toEqual([null, null]);
    expect((await sandbox.run(["submit", "--runner", "local"])).code).toBe(7);
    const [wait, logs] = await Promise.all(ended);
    expect(wait?.code).toBe(7);
    expect([logs?.code, logs?.stdout.toString()]).toEqual([0, "word\n"]);
  });

  test("--simple-exit-code makes it 0 or 1", async () => {
    const submit = ["submit", "--runner", "local", "--simple-exit-code", "--", "sh", "-c"];
    expect((await sandbox.run([...submit, "exit 42"])).code).toBe(1);
    expect((await sandbox.run([...submit, "exit 0"])).code).toBe(0);
  });

  test("a cancelled task exits with 130 and its command got SIGTERM", async () => {
    const ready = `${sandbox.directory}/trap-ready`;
    const script = `trap 'echo last words; exit 0' TERM; echo > ${ready}; while :; do sleep 0.05; done`;
    const { child, ended } = sandbox.start(["submit", "--runner", "local", "--", "sh", "-c", script]);
    await appears(ready);
    child.kill("SIGINT");
    const run = await ended;
    expect(run.code).toBe(130);
    expect(run.stdout.toString()).toBe("last words\n");
    expect(run.lastWord).toContain("CANCELLED: Cancelled");
  });

  test("cancel from another process stops it", async () => {
    const ready = `${sandbox.directory}/cancel-ready`;
    const idFile = `${sandbox.directory}/cancel-id`;
    const args = [
      "submit",
      "--runner",
      "local",
      "--id-file",
      idFile,
      "--",
      "sh",
      "-c",
      `echo > ${ready}; exec sleep 60`,
    ];
    const { ended } = sandbox.start(args);
    await appears(ready);
    const id = (await readText(idFile)).trim();
    expect((await sandbox.run(["cancel", id])).code).toBe(0);
    const run = await ended;
    expect(run.code).toBe(130);
    expect((await sandbox.json(["show", id]))["status"]).toBe("CANCELLED");
  });
});

async function notExecutable(): Promise<string> {
  const path = await sandbox.file("data", "no program\n");
  await chmod(path, 0o644);
  return path;
}

async function readText(path: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  return readFile(path, "utf8");
}

async function appears(path: string): Promise<void> {
  const { existsSync } = await import("node:fs");
  await expect.poll(() => existsSync(path), { timeout: 20_000, interval: 20 }).toBe(true);
}
