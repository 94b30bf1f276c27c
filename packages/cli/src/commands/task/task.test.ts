import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Task } from "@keruta/shared/domain";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";
import { addTask, endTask, startTask } from "../../tasks/queued.fake.ts";

const twoTasks = `apiVersion: keruta/v1
kind: Task
title: one
spec: { command: [make] }
---
apiVersion: keruta/v1
kind: Task
title: two
spec: { command: [make] }
`;

describe("add", () => {
  it("tells the complaints of all documents at once, with flags over them too", async () => {
    await using surroundings = await testContext();
    const { context, io, directory } = surroundings;
    const wrong = twoTasks.replaceAll("spec: { command", "spec: { image: 7, command");
    await writeFile(join(directory, "tasks.yaml"), wrong);
    for (const flags of [[], ["--label", "a=b"]]) {
      const before = io.stderr.text().length;
      expect(await runProgram(context, ["add", "-f", "tasks.yaml", ...flags])).toBe(1);
      const words = io.stderr.text().slice(before);
      expect(words).toContain("tasks.yaml:4:16: spec.image");
      expect(words).toContain("tasks.yaml:9:16: spec.image");
    }
  });

  it("queues a command, its flags in their places, and prints the id alone", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const flags = [
      "--priority",
      "-3",
      "--label",
      "team=docs",
      "--env",
      "A=b=c",
      "--env",
      "E=",
      "--secret-env",
      "T=npm:token",
    ];
    const more = [
      "--repo",
      "https://x/y.git",
      "--ref",
      "main",
      "--artifact",
      "out/**",
      "--timeout",
      "5m",
      "--attempts",
      "2",
    ];
    const line = [
      "add",
      ...flags,
      ...more,
      "--runner",
      "local",
      "-n",
      "ci",
      "--hold",
      "--",
      "sh",
      "-c",
      "echo -o json",
    ];
    expect(await runProgram(context, line)).toBe(0);
    const id = io.stdout.text().trimEnd();
    expect(io.stdout.text()).toMatch(/^[a-z2-7]{10}\n$/);
    const queue = await surroundings.queue();
    const task = await queue.getTask(id);
    expect(task).toMatchObject({
      title: "sh -c echo -o json",
      priority: -3,
      labels: { team: "docs" },
      createdBy: "alice@example",
    });
    expect(task?.spec).toMatchObject({
      command: ["sh", "-c", "echo -o json"],
      env: { A: "b=c", E: "" },
      secretEnv: { T: { secret: "npm", key: "token" } },
      repository: { url: "https://x/y.git", ref: "main" },
      artifacts: { paths: ["out/**"] },
      timeout: "5m",
      retry: { attempts: 2 },
      runner: "local",
      namespace: "ci",
      hold: true,
    });
  });

  it("adds every document of a file or of stdin, flags on top", async () => {
    await using surroundings = await testContext();
    const { context, io, directory } = surroundings;
    await writeFile(join(directory, "two.yaml"), twoTasks);
    expect(await runProgram(context, ["add", "-f", "two.yaml"])).toBe(0);
    io.input = twoTasks;
    expect(
      await runProgram(context, ["add", "-f", "-", "--label", "a=b", "--priority", "7", "-o", "json"]),
    ).toBe(0);
    const [first, second, ...rest] = io.stdout.text().split("\n");
    expect([first, second]).toEqual([
      expect.stringMatching(/^[a-z2-7]{10}$/),
      expect.stringMatching(/^[a-z2-7]{10}$/),
    ]);
    const { items } = JSON.parse(rest.join("\n")) as { items: Task[] };
    expect(items.map(({ title, priority, labels }) => ({ title, priority, labels }))).toEqual([
      { title: "one", priority: 7, labels: { a: "b" } },
      { title: "two", priority: 7, labels: { a: "b" } },
    ]);
  });

  it.each([[[]], [["--priority", "1"]]])(
    "adds nothing when one document of many is wrong (flags: %j)",
    async (flags) => {
      await using surroundings = await testContext();
      const { context, io, directory } = surroundings;
      await writeFile(
        join(directory, "bad.yaml"),
        `${twoTasks}---\napiVersion: keruta/v1\nkind: Task\ntitel: three\n`,
      );
      expect(await runProgram(context, ["add", "-f", "bad.yaml", ...flags])).toBe(1);
      expect(io.stdout.text()).toBe("");
      expect(io.stderr.text()).toContain("bad.yaml:");
      expect(io.stderr.text()).toContain("titel");
      const queue = await surroundings.queue();
      expect((await queue.listTasks({})).items).toEqual([]);
    },
  );

  it("names what it has added when the queue refuses one in between", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const spec = "spec: { command: [a], concurrency: { key: k, limit: 1, onConflict: refuse } }";
    io.input = [1, 2].map(() => `apiVersion: keruta/v1\nkind: Task\n${spec}\n`).join("---\n");
    expect(await runProgram(context, ["add", "-f", "-"])).toBe(1);
    const [first, ...others] = (await (await surroundings.queue()).listTasks({})).items;
    expect(others).toEqual([]);
    expect(io.stderr.text()).toContain(`1 / 2 tasks had been added before: ${String(first?.id)}.`);
  });

  it.each([
    ["/nope.yaml", "no such file"],
    ["/", "it is a directory"],
    ["/dev/null", "KRT_TASK_INVALID"],
  ])("says why %s is no task file", async (file, words) => {
    await using surroundings = await testContext();
    expect(await runProgram(surroundings.context, ["add", "-f", file])).toBe(1);
    expect(surroundings.io.stderr.text()).toContain(words);
  });

  it("is repeatable with --request-id", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    for (let time = 0; time < 2; time += 1) {
      expect(await runProgram(context, ["add", "--request-id", "r1", "--", "make"])).toBe(0);
    }
    const [first, second] = io.stdout.text().split("\n");
    expect(second).toBe(first);
    expect(io.stderr.text()).toContain("Request r1 was known");
  });

  it("does not repeat a value that lost its name", async () => {
    await using surroundings = await testContext();
    expect(await runProgram(surroundings.context, ["add", "--env", "hunter2", "--", "make"])).toBe(2);
    expect(surroundings.io.stderr.text()).not.toContain("hunter2");
  });
});

describe("show and why", () => {
  it("explain a failure with reason and remedy, in both languages", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const queue = await surroundings.queue();
    const { id } = await addTask(queue, { title: "b\u0007ad" });
    await endTask(queue, await startTask(queue, id), {
      exitCode: 137,
      reason: "OOMKilled",
      message: "killed",
    });
    expect(await runProgram(context, ["show", id])).toBe(0);
    expect(io.stdout.text()).toContain("b\\x07ad");
    expect(io.stdout.text()).toMatch(/Status +FAILED/);
    expect(io.stdout.text()).toMatch(/Remedy +\S/);
    expect(io.stdout.text()).toMatch(/#1 {2}OOMKilled {2}exit 137/);
    expect(await runProgram(context, ["show", id, "--lang", "ja"])).toBe(0);
    expect(io.stdout.text()).toMatch(/#1 {2}OOMKilled {2}終了コード 137/);
    expect(await runProgram(context, ["why", id.slice(0, 5), "--lang", "ja"])).toBe(0);
    expect(io.stdout.text()).toMatch(/FAILED: .*メモリー.*終了コード 137/);
  });

  it("answer for each status", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const queue = await surroundings.queue();
    const held = await addTask(queue, { spec: { command: ["x"], hold: true } });
    const running = await addTask(queue);
    await startTask(queue, running.id);
    const done = await addTask(queue);
    await endTask(queue, await startTask(queue, done.id));
    const cancelled = await addTask(queue);
    await queue.cancelTask(cancelled.id, "bob");
    const answers: string[] = [];
    for (const { id } of [held, running, done, cancelled]) {
      expect(await runProgram(context, ["why", id])).toBe(0);
      answers.push(io.stdout.text());
    }
    const text = answers.at(-1) ?? "";
    expect(text).toMatch(/PENDING: .*held/);
    expect(text).toMatch(/IN_PROGRESS: Attempt 1 is in phase/);
    expect(text).toMatch(/COMPLETED: /);
    expect(text).toMatch(/CANCELLED: It was cancelled before it started/);
  });
});

describe("cancel, retry, update, delete", () => {
  it("change tasks and print what they are now", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const queue = await surroundings.queue();
    const { id } = await addTask(queue, { spec: { command: ["x"], hold: true } });
    expect(await runProgram(context, ["task", "update", id, "--hold=false", "--priority", "9"])).toBe(0);
    expect(await queue.getTask(id)).toMatchObject({ priority: 9, spec: { hold: false } });
    await endTask(queue, await startTask(queue, id), { exitCode: 1, reason: "Error" });
    expect(await runProgram(context, ["retry", id])).toBe(0);
    expect(await runProgram(context, ["cancel", "@last"])).toBe(0);
    expect(await runProgram(context, ["cancel", id])).toBe(0);
    expect(io.stderr.text()).toContain("had ended already");
    expect(await runProgram(context, ["task", "delete", id])).toBe(0);
    expect(await queue.getTask(id)).toBeUndefined();
    expect(io.stdout.text()).toBe(`${id} PENDING\n${id} PENDING\n${id} CANCELLED\n${id} CANCELLED\n${id}\n`);
  });

  it("refuse what the status does not allow", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const { id } = await addTask(await surroundings.queue());
    expect(await runProgram(context, ["retry", id])).toBe(1);
    expect(io.stderr.text()).toContain("KRT_STATUS_CONFLICT");
    expect(await runProgram(context, ["task", "update", id])).toBe(2);
  });
});

describe("wait", () => {
  it.each([
    [{ exitCode: 0 }, [], 0],
    [{ exitCode: 7, reason: "Error" }, [], 7],
    [{ exitCode: 7, reason: "Error" }, ["--simple-exit-code"], 1],
    [{ exitCode: null, reason: "TimedOut" }, [], 124],
    [{ exitCode: null, reason: "PodLost" }, [], 125],
    [{ exitCode: null, reason: "CommandNotFound" }, [], 127],
    [{ exitCode: 0, reason: "ArtifactsMissing" }, [], 125],
  ] as const)("ends as the task did: %j %j → %i", async (result, flags, code) => {
    await using surroundings = await testContext();
    const queue = await surroundings.queue();
    const { id } = await addTask(queue);
    await endTask(queue, await startTask(queue, id), result);
    expect(await runProgram(surroundings.context, ["wait", id, ...flags])).toBe(code);
    expect(surroundings.listeners()).toBe(0);
  });

  it("sees a task end that ran when it began to wait, and prints its events", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const queue = await surroundings.queue();
    const { id } = await addTask(queue);
    const claim = await startTask(queue, id);
    const waiting = runProgram(context, ["wait", id, "-o", "jsonl"]);
    await endTask(queue, claim, { exitCode: 3, reason: "Error" });
    expect(await waiting).toBe(3);
    const events = io.stdout
      .text()
      .trimEnd()
      .split("\n")
      .map((row) => JSON.parse(row) as { type: string; kind: string });
    expect(events.map(({ kind }) => kind)).toEqual(events.map(() => "Event"));
    expect(events[0]?.type).toBe("TaskAdded");
    expect(events.at(-1)?.type).toBe("TaskFinished");
  });

  it("gives 0 for several that are done, else 1", async () => {
    await using surroundings = await testContext();
    const queue = await surroundings.queue();
    const [one, two] = [await addTask(queue), await addTask(queue)];
    await endTask(queue, await startTask(queue, one.id));
    await endTask(queue, await startTask(queue, two.id), { exitCode: 42, reason: "Error" });
    expect(await runProgram(surroundings.context, ["wait", one.id, one.id])).toBe(0);
    expect(await runProgram(surroundings.context, ["wait", one.id, two.id])).toBe(1);
  });

  it("gives up with 124 after --timeout and with 130 on SIGINT", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const { id } = await addTask(await surroundings.queue());
    expect(await runProgram(context, ["wait", id, "--timeout", "20ms"])).toBe(124);
    expect(io.stderr.text()).toContain("KRT_TIMEOUT");
    expect(await runProgram(context, ["wait", id, "--timeout", "20ms", "--simple-exit-code"])).toBe(1);
    const waiting = runProgram(context, ["wait", id, "-q"]);
    while (surroundings.listeners() === 0) await new Promise((resolve) => setImmediate(resolve));
    surroundings.send("SIGINT");
    expect(await waiting).toBe(130);
    const simple = runProgram(context, ["wait", id, "-q", "--simple-exit-code"]);
    while (surroundings.listeners() === 0) await new Promise((resolve) => setImmediate(resolve));
    surroundings.send("SIGINT");
    expect(await simple).toBe(1);
    expect(surroundings.listeners()).toBe(0);
  });
});
