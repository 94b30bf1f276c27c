import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../sandbox.ts";

const program = [process.execPath, "--conditions=keruta-source", join(import.meta.dirname, "main.ts")];

interface Case {
  readonly at: string;
  /** How often the command may have been started when all is over, over all attempts. */
  readonly starts: readonly number[];
  readonly attempts: number;
  /** Reasons of the attempts, in order. */
  readonly reasons: readonly string[];
}

const once = (at: string): Case => ({ at, starts: [1], attempts: 1, reasons: ["Error"] });
const again = (at: string, starts: readonly number[]): Case => ({
  at,
  starts,
  attempts: 2,
  reasons: ["DriverLost", "Error"],
});

/** Every point between two effects of one `keruta submit`, in the order in which it passes them. */
const cases: readonly Case[] = [
  once("add:after-commit"),
  once("claimed"),
  again("prepared", [1]),
  again("started", [1, 2]),
  again("running", [2]),
  once("ended"),
  once("logged"),
  once("collected"),
  once("settle:result-written"),
  once("settle:before-commit"),
  once("settle:after-commit"),
  once("settled"),
];

/** Its driver dies at once, and so does it: on a busy machine it must not have ended before. */
const firstStartSeconds: Readonly<Record<string, number>> = { started: 5, running: 30 };

/** `seconds`: how long its first start takes; later ones take no time. */
const task = (journal: string, seconds = 0.4) => `
apiVersion: keruta/v1
kind: Task
title: crash
spec:
  runner: local
  retry: { attempts: 2, backoff: 50ms }
  command: [sh, -c, "echo $$ >> ${journal}; echo one; [ $(wc -l < ${journal}) -gt 1 ] || sleep ${String(seconds)}; echo two; exit 3"]
`;

describe("kill -9 of keruta submit, then the next submit settles it", () => {
  test.concurrent.each(cases)("at $at", { timeout: 60_000 }, async ({ at, starts, attempts, reasons }) => {
    await using sandbox = await createSandbox();
    const journal = join(sandbox.directory, "journal");
    const file = await sandbox.file("task.yaml", task(journal, firstStartSeconds[at]));
    const crashed = await sandbox.run(["submit", "-f", file], { program, env: { KERUTA_TEST_CRASH_AT: at } });
    expect(crashed.signal).toBe("SIGKILL");

    const wasSettled = at === "settle:after-commit" || at === "settled";
    const next = await sandbox.run(["submit", "--empty-exit-code", "75", "--runner", "local"]);
    expect(next.code).toBe(wasSettled ? 75 : 3);
    expect(next.stdout.toString()).toMatch(wasSettled ? /^$/ : /one\ntwo\n$/);

    const shown = (await sandbox.json(["show", "@last"])) as unknown as {
      status: string;
      attempts: { reason: string; exitCode: number | null; log: { complete: boolean } }[];
    };
    expect(shown.status).toBe("FAILED");
    expect(shown.attempts.map(({ reason }) => reason)).toEqual(reasons);
    expect(shown.attempts.length).toBe(attempts);
    expect(shown.attempts.at(-1)).toMatchObject({ exitCode: 3, log: { complete: true } });
    expect((await sandbox.run(["logs", "@last"])).stdout.toString()).toBe("one\ntwo\n");

    const pids = (await readFile(journal, "utf8")).trim().split("\n");
    expect(starts).toContain(pids.length);
    await expectNothingLeft(sandbox, pids);
  });

  test("before the task is committed, nothing was accepted", async () => {
    await using sandbox = await createSandbox();
    const env = { KERUTA_TEST_CRASH_AT: "add:before-commit" };
    const crashed = await sandbox.run(["submit", "--runner", "local", "--", "echo", "x"], { program, env });
    expect(crashed.signal).toBe("SIGKILL");
    const next = await sandbox.run(["submit", "--empty-exit-code", "75", "--runner", "local"]);
    expect(next.code).toBe(75);
  });

  test("a task that was asked to be cancelled is cancelled and not tried again", async () => {
    await using sandbox = await createSandbox();
    const journal = join(sandbox.directory, "journal");
    const file = await sandbox.file("task.yaml", task(journal, 30));
    const { child, ended } = sandbox.start(["submit", "-f", file]);
    await expect.poll(() => existsSync(journal), { timeout: 20_000 }).toBe(true);
    child.kill("SIGKILL");
    await ended;
    await sandbox.run(["cancel", "@last"]);
    const next = await sandbox.run(["attach", "@last"]);
    expect(next.code).toBe(130);
    await expectNothingLeft(sandbox, (await readFile(journal, "utf8")).trim().split("\n"));
  });
});

test(
  "kill -9 of the agent alone: its command ends with the attempt, before the next one begins",
  { timeout: 60_000 },
  async () => {
    await using sandbox = await createSandbox();
    const journal = join(sandbox.directory, "journal");
    const wait = 'echo "$$ $KERUTA_ATTEMPT" >> "$0"; [ "$KERUTA_ATTEMPT" = 2 ] || exec sleep 60';
    // One that init has not asked yet how it ended is a zombie, and runs no more.
    const before =
      'case "$(ps -o stat= -p "$(head -1 "$0" | cut -d" " -f1)")" in ""|Z*) ;; *) echo alive;; esac; exit 3';
    const file = await sandbox.file(
      "task.json",
      JSON.stringify({
        apiVersion: "keruta/v1",
        kind: "Task",
        title: "agent",
        spec: {
          runner: "local",
          retry: { attempts: 2, backoff: "50ms" },
          command: ["sh", "-c", `${wait}; ${before}`, journal],
        },
      }),
    );
    const { ended } = sandbox.start(["submit", "-f", file]);
    const runs = join(sandbox.directory, "state/keruta/runs");
    const noted = async (file: string) =>
      (await readdir(runs, { recursive: true }).catch(() => [])).find((name) => name.endsWith(file));
    // From here on the agent has told which process the command is.
    await expect.poll(() => noted("command.json"), { timeout: 20_000 }).toBeDefined();
    await expect.poll(() => existsSync(journal), { timeout: 20_000 }).toBe(true);
    const start = (await noted("start.json")) ?? "";
    const { pid } = JSON.parse(await readFile(join(runs, start), "utf8")) as { pid: number };
    process.kill(pid, "SIGKILL");
    const run = await ended;
    expect([run.code, run.stdout.toString()]).toEqual([3, ""]);
    const pids = (await readFile(journal, "utf8"))
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0] ?? "");
    expect(pids.length).toBe(2);
    await expectNothingLeft(sandbox, pids.slice(1));
  },
);

/** No process of the command, no run directory, and a database that agrees with itself. */
async function expectNothingLeft(sandbox: Sandbox, pids: readonly string[]): Promise<void> {
  for (const pid of pids) expect(isAlive(Number(pid))).toBe(false);
  const check = await sandbox.run(["db", "check"]);
  expect(check.stderr + check.stdout.toString()).not.toMatch(/problem/i);
  expect(check.code).toBe(0);
  // The sweep is the next driver's; an empty queue is enough for it.
  await sandbox.run(["submit", "--runner", "local", "--", "true"]);
  const runs = join(sandbox.directory, "state/keruta/runs");
  const queues = await readdir(runs);
  const left = await Promise.all(queues.map((queue) => readdir(join(runs, queue))));
  expect(left.flat()).toEqual([]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
