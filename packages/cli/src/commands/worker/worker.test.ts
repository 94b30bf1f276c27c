import { describe, expect, it } from "vitest";
import { KerutaError, type Task } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { createRoot } from "../../command-line/build.ts";
import { testContext } from "../../compose/context.fake.ts";
import { untilThere } from "../../context/until-there.ts";
import { addTask, endTask, startTask } from "../../tasks/queued.fake.ts";
import { createReport } from "./report.ts";
import { sayWhatWaits } from "./say-what-waits.ts";
import { workerCommand, type WorkerCommandOptions } from "./worker.ts";

describe("worker: from arguments to options", () => {
  const parse = async (...words: string[]) => {
    await using surroundings = await testContext();
    const seen: WorkerCommandOptions[] = [];
    const command = workerCommand(surroundings.context, async (options) => {
      seen.push(options);
    });
    await createRoot(surroundings.context)
      .addCommand(command)
      .parseAsync(["worker", ...words], { from: "user" });
    return seen[0];
  };

  it("leaves what is not said to the settings", async () => {
    expect(await parse()).toMatchObject({
      concurrency: undefined,
      untilEmpty: false,
      isWithinServer: false,
      runner: undefined,
      format: "text",
    });
  });

  it("reads every flag", async () => {
    const options = await parse("--concurrency", "7", "--until-empty", "--runner", "local", "-o", "json");
    expect(options).toMatchObject({ concurrency: 7, untilEmpty: true, runner: "local", format: "json" });
  });

  it.each([
    [["--concurrency", "0"], "--concurrency must be a whole number (1 … 1000)"],
    [["--concurrency", "many"], 'not "many"'],
    [["--runner", "docker"], '--runner cannot be "docker"'],
    [["-o", "yaml"], '-o cannot be "yaml"'],
  ])("refuses %j", async (words, sentence) => {
    await expect(parse(...words)).rejects.toMatchObject({
      code: "KRT_USAGE",
      message: expect.stringContaining(sentence),
    });
  });
});

describe("a worker that is started before its database", () => {
  const failing = async (errors: readonly Error[]) => {
    const surroundings = await testContext();
    const left = [...errors];
    const waits: number[] = [];
    const { context } = surroundings;
    const after = (milliseconds: number, act: () => void) => {
      waits.push(milliseconds);
      queueMicrotask(act);
      return () => undefined;
    };
    const machine = { timers: { after, every: () => () => undefined } };
    const openQueue = async () => {
      const error = left.shift();
      if (error) throw error;
      return context.openQueue();
    };
    const { complain, notify, random } = context;
    return { surroundings, waits, openQueue, context: { complain, notify, random, machine } };
  };
  const words = { en: "No answer.", ja: "応答なし。" };
  const away = new KerutaError("KRT_DB_UNREACHABLE", words, { details: { transient: true } });

  it("waits for it longer and longer, and says so once", async () => {
    const { surroundings, context, openQueue, waits } = await failing([away, away, away]);
    await using _ = surroundings;
    await untilThere(context, openQueue);
    expect(waits.length).toBe(3);
    expect(surroundings.io.stderr.text()).toBe(
      "keruta: waiting for the queue: No answer. (KRT_DB_UNREACHABLE)\nkeruta: the queue is there\n",
    );
  });

  it("does not wait for what no waiting mends", async () => {
    const broken = new KerutaError("KRT_DB_NOT_FOUND", words);
    const { surroundings, context, openQueue } = await failing([broken]);
    await using _ = surroundings;
    await expect(untilThere(context, openQueue)).rejects.toBe(broken);
  });
});

describe("what a worker says", () => {
  const claimOf = (task: Task): Claim =>
    ({ task, takenOver: false, lease: { taskId: task.id, attempt: 1, token: "t" } }) as Claim;

  it.each(["en", "ja"] as const)("one line for each thing that happens, in %s", async (lang) => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    context.configure({ lang });
    const queue = await surroundings.queue();
    const task = await addTask(queue, { title: "two\nlines" });
    const report = createReport({ context, queue, format: "text", place: () => null });
    const away = new KerutaError("KRT_DB_UNREACHABLE", { en: "No answer.", ja: "応答なし。" });
    const claim = claimOf(task);
    report.ready(2);
    report.started(claim);
    report.observe(claim).notice({ en: "a word", ja: "一言" });
    report.away("queue", away);
    report.back("queue");
    report.ended(claim, { kind: "lost" });
    report.ended(claim, { kind: "left" });
    report.draining(1);
    report.handingOver(1);
    await report.flush();
    const lines = io.stderr.text().trimEnd().split("\n");
    expect(lines.length).toBe(9);
    expect(lines.every((text) => text.startsWith("keruta: "))).toBe(true);
    const about = [lines[1], lines[2], lines[5], lines[6]];
    expect(about.every((text) => text?.startsWith(`keruta: ${task.id}`))).toBe(true);
    expect(lines[1]).toContain("two lines");
    expect(lines.slice(1).some((text) => /[ぁ-ん]/.test(text))).toBe(lang === "ja");
  });

  it("a bug with its stack, so that it can be reported", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const queue = await surroundings.queue();
    const report = createReport({ context, queue, format: "text", place: () => null });
    report.failed(claimOf(await addTask(queue)), new TypeError("x is not a function"), 5000);
    await report.flush();
    expect(io.stderr.text()).toMatch(/could not be driven: this is a bug .*TypeError: x is not a function/);
    expect(io.stderr.text()).toMatch(/\(KRT_INTERNAL\) It is handed back in 5s\./);
  });

  it("nothing but failures with -q", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    context.configure({ quiet: true });
    const queue = await surroundings.queue();
    const report = createReport({ context, queue, format: "text", place: () => null });
    const claim = await startTask(queue, (await addTask(queue)).id);
    report.started(claim);
    const failed = await endTask(queue, claim, { reason: "Error", exitCode: 3 });
    report.ended(claim, { kind: "settled", task: failed });
    await report.flush();
    expect(io.stderr.text()).toContain(`${failed.id} FAILED: Error (exit code 3)`);
    expect(io.stderr.text().split("\n").length).toBe(2);
  });

  it("goes on after a word that could not be written", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const queue = await surroundings.queue();
    const report = createReport({ context, queue, format: "json", place: () => null });
    io.stdout.failure = new KerutaError("KRT_FILE_UNWRITABLE", { en: "The disk is full.", ja: "" });
    report.ready(1);
    await report.flush();
    io.stdout.failure = undefined;
    report.back("queue");
    await report.flush();
    expect(JSON.parse(io.stdout.text())).toMatchObject({ kind: "WorkerEvent", type: "Back" });
  });

  it("what still waits, the first of them by name", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const queue = await surroundings.queue();
    for (let count = 0; count < 7; count += 1) await addTask(queue, { spec: { hold: true } });
    await sayWhatWaits({ context, queue, format: "text", failed: 0 });
    const lines = io.stderr.text().trimEnd().split("\n");
    expect(lines.length).toBe(6);
    expect(lines[0]).toMatch(/waits\. It is held; `keruta task update \w+ --hold=false`/);
    expect(lines.at(-1)).toContain("2 more wait");
  });
});
