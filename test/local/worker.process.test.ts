import { readFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { createSandbox, type Sandbox } from "../sandbox.ts";
import { says } from "./says.ts";

const local = ["--runner", "local"];

async function add(sandbox: Sandbox, script: string, flags: readonly string[] = []): Promise<string> {
  const run = await sandbox.run(["add", ...local, ...flags, "--", "sh", "-c", script]);
  expect([run.code, run.stderr]).toEqual([0, ""]);
  return run.stdout.toString().trim();
}

interface Shown {
  readonly status: string;
  readonly attempts: readonly { readonly reason: string | null; readonly phase: string }[];
}

async function show(sandbox: Sandbox, id: string): Promise<Shown> {
  return (await sandbox.json(["show", id])) as unknown as Shown;
}

/** Resolves when a file has this line, which only a command that runs can write. */
async function wrote(path: string, text: string): Promise<void> {
  const read = async () => expect(await readFile(path, "utf8").catch(() => "")).toContain(text);
  await vi.waitFor(read, { timeout: 20_000, interval: 50 });
}

describe("keruta worker", () => {
  test.concurrent("--until-empty runs each task once, and says what still waits and why", async () => {
    await using sandbox = await createSandbox();
    const journal = `${sandbox.directory}/journal`;
    const numbers = [1, 2, 3, 4, 5];
    for (const number of numbers) await add(sandbox, `echo ${String(number)} >> ${journal}`);
    const late = await add(sandbox, "true", ["--not-before", "2099-01-01T00:00:00Z"]);
    const run = await sandbox.run(["worker", "--concurrency", "3", "--until-empty"]);
    expect([run.code, run.stdout.length]).toEqual([0, 0]);
    expect(run.lastWord).toBe(`keruta: ${late} waits. It is not due before 2099-01-01T00:00:00.000Z.`);
    const lines = (await readFile(journal, "utf8")).trim().split("\n").map(Number);
    expect(lines.toSorted((a, b) => a - b)).toEqual(numbers);
    expect(run.stderr.match(/ started: /g)?.length).toBe(5);
    expect(run.stderr.match(/ COMPLETED: /g)?.length).toBe(5);
  });

  test.concurrent("an empty queue ends it at once", async () => {
    await using sandbox = await createSandbox();
    const run = await sandbox.run(["worker", "--until-empty"]);
    expect([run.code, run.lastWord]).toEqual([0, expect.stringContaining("is empty")]);
  });

  test.concurrent("-o json is one event a line", async () => {
    await using sandbox = await createSandbox();
    const id = await add(sandbox, "echo not here; exit 3");
    const run = await sandbox.run(["worker", "--until-empty", "-o", "json"]);
    expect([run.code, run.stderr]).toEqual([0, ""]);
    const events = run.stdout
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toMatchObject([
      { apiVersion: "keruta/v1", kind: "WorkerEvent", type: "Ready", data: { concurrency: 1 } },
      { type: "AttemptStarted", taskId: id, attempt: 1, data: { takenOver: false } },
      { type: "AttemptEnded", taskId: id, data: { status: "FAILED", reason: "Error", exitCode: 3 } },
      { type: "Empty", data: { waiting: 0, running: 0, notDriven: 0 } },
    ]);
  });

  test.concurrent("runs no more at a time than it is told, by flag or setting", async () => {
    await using sandbox = await createSandbox();
    await sandbox.run(["settings", "set", "worker.concurrency", "2"]);
    const journal = `${sandbox.directory}/journal`;
    for (let count = 0; count < 4; count += 1)
      await add(sandbox, `echo + >> ${journal}; sleep 0.5; echo - >> ${journal}`);
    expect((await sandbox.run(["worker", "--until-empty"])).code).toBe(0);
    let live = 0;
    const heights = (await readFile(journal, "utf8"))
      .trim()
      .split("\n")
      .map((mark) => (live += mark === "+" ? 1 : -1));
    expect(Math.max(...heights)).toBe(2);
  });

  test.concurrent("submit --driver worker follows what a worker drives", async () => {
    await using sandbox = await createSandbox();
    const worker = sandbox.start(["worker"]);
    await says(worker.child, "1 at a time");
    const submit = [
      "submit",
      "--driver",
      "worker",
      ...local,
      "--",
      "sh",
      "-c",
      "echo out; echo err >&2; exit 9",
    ];
    const run = await sandbox.run(submit);
    expect([run.code, run.stdout.toString()]).toEqual([9, "out\n"]);
    expect(run.stderr).toContain("err\n");
    worker.child.kill("SIGTERM");
    expect((await worker.ended).code).toBe(0);
  });

  test.concurrent("a loud task does not hold up the others", async () => {
    await using sandbox = await createSandbox();
    const last = `${sandbox.directory}/last`;
    const shout = `yes ${"x".repeat(80)} | head -c 4000000`;
    const loud = await add(sandbox, `until [ -e ${last} ]; do ${shout}; done; ${shout}`);
    const others = [
      await add(sandbox, "true"),
      await add(sandbox, "true"),
      await add(sandbox, `touch ${last}`),
    ];
    const run = await sandbox.run(["worker", "--concurrency", "2", "--until-empty"]);
    expect(run.code).toBe(0);
    const order = Array.from(run.stderr.matchAll(/keruta: (\w+) COMPLETED/g), ([, id]) => id);
    expect(order).toEqual([...others, loud]);
  });

  test.concurrent("a task that is cancelled elsewhere is stopped", async () => {
    await using sandbox = await createSandbox();
    const id = await add(sandbox, `echo up > ${sandbox.directory}/up; exec sleep 60`);
    const worker = sandbox.start(["worker"]);
    await wrote(`${sandbox.directory}/up`, "up");
    await sandbox.run(["cancel", id]);
    await says(worker.child, `${id} CANCELLED`);
    worker.child.kill("SIGTERM");
    expect((await worker.ended).code).toBe(0);
  });

  test.concurrent.each(["SIGTERM", "SIGINT"] as const)("%s: what runs goes on to its end", async (signal) => {
    await using sandbox = await createSandbox();
    const first = await add(sandbox, `echo up > ${sandbox.directory}/up; sleep 2; echo over`);
    const second = await add(sandbox, "true");
    const worker = sandbox.start(["worker"]);
    await wrote(`${sandbox.directory}/up`, "up");
    worker.child.kill(signal);
    const run = await worker.ended;
    expect([run.code, run.lastWord]).toEqual([0, expect.stringContaining(`${first} COMPLETED`)]);
    expect(run.stderr).toContain("no more tasks are taken; 1 still run");
    expect((await sandbox.run(["logs", first])).stdout.toString()).toBe("over\n");
    expect((await show(sandbox, second)).status).toBe("PENDING");
  });

  test.concurrent("a second signal cancels local commands and ends it", async () => {
    await using sandbox = await createSandbox();
    const id = await add(sandbox, `echo up > ${sandbox.directory}/up; exec sleep 60`);
    const worker = sandbox.start(["worker"]);
    await wrote(`${sandbox.directory}/up`, "up");
    worker.child.kill("SIGTERM");
    await says(worker.child, "no more tasks are taken");
    // Twice the same within half a second counts once.
    worker.child.kill("SIGINT");
    const run = await worker.ended;
    expect([run.code, run.lastWord]).toEqual([0, expect.stringContaining(`${id} CANCELLED`)]);
    expect((await show(sandbox, id)).attempts).toMatchObject([{ reason: "Cancelled" }]);
  });

  test.concurrent("kill -9: another worker takes its attempt over and runs the retry", async () => {
    await using sandbox = await createSandbox();
    const up = `${sandbox.directory}/up`;
    const file = await sandbox.file(
      "task.json",
      JSON.stringify({
        apiVersion: "keruta/v1",
        kind: "Task",
        title: "twice",
        spec: {
          runner: "local",
          command: ["sh", "-c", `echo $KERUTA_ATTEMPT >> ${up}; [ $KERUTA_ATTEMPT = 2 ] || exec sleep 60`],
          retry: { backoff: "1s" },
        },
      }),
    );
    const id = (await sandbox.run(["add", "-f", file])).stdout.toString().trim();
    const killed = sandbox.start(["worker"]);
    await wrote(up, "1");
    const other = sandbox.start(["worker"]);
    await says(other.child, "1 at a time");
    killed.child.kill("SIGKILL");
    expect((await killed.ended).signal).toBe("SIGKILL");
    await says(other.child, `${id} COMPLETED`);
    expect((await show(sandbox, id)).attempts.map(({ reason }) => reason)).toEqual([
      "DriverLost",
      "Completed",
    ]);
    expect(await readFile(up, "utf8")).toBe("1\n2\n");
    other.child.kill("SIGTERM");
    const run = await other.ended;
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining(`${id} attempt 1 taken over: twice`)]);
  });
});
