import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { createRoot } from "../../command-line/build.ts";
import { runProgram } from "../../program/program.ts";
import { addTask, endTask, line, startTask } from "../../tasks/queued.fake.ts";
import { logsCommand, type LogsOptions } from "./logs.ts";

describe("logs: from arguments to options", () => {
  it("reads every flag", async () => {
    await using surroundings = await testContext();
    const seen: LogsOptions[] = [];
    const command = logsCommand(surroundings.context, async (options) => {
      seen.push(options);
    });
    const flags = ["--tail", "5", "--since", "10m", "--level", "warn", "--grep", "err", "--stream", "stderr"];
    const rest = ["--timestamps", "--attempt", "2", "--to", "f", "-f", "-o", "jsonl"];
    await createRoot(surroundings.context)
      .addCommand(command)
      .parseAsync(["logs", "abc", "def", ...flags, ...rest], { from: "user" });
    expect(seen[0]).toMatchObject({
      tasks: ["abc", "def"],
      follow: true,
      timestamps: true,
      attempt: 2,
      file: "f",
      format: "jsonl",
      filter: { tail: 5, since: "2026-03-01T09:50:00.000Z", level: "WARN", stream: "stderr", grep: /err/ },
    });
  });

  it.each([
    [["abc", "--grep", "("], "is no regular expression"],
    [["abc", "--grep", "(a)\\1"], "one log line could keep it busy for ever"],
    [["abc", "--since", "yesterday"], '--since cannot be "yesterday"'],
    [["abc", "--attempt", "0"], "--attempt must be a whole number"],
    [["abc", "-l", "a=b"], "not both"],
    [["abc", "-o", "yaml"], "Use one of: text, json, jsonl."],
  ])("refuses %j", async (words, sentence) => {
    await using surroundings = await testContext();
    expect(await runProgram(surroundings.context, ["logs", ...words])).toBe(2);
    expect(surroundings.io.stderr.text()).toContain(sentence);
  });
});

const odd = Uint8Array.of(0x00, 0xff, 0x0d, 0x1b, 0x5b, 0x32, 0x4a);

async function withLog() {
  const surroundings = await testContext();
  const queue = await surroundings.queue();
  const { id } = await addTask(queue, { labels: { team: "docs" } });
  const claim = await startTask(queue, id);
  const entries = [
    line(1, "first"),
    line(2, "problem", "stderr"),
    line(3, "あ", "stdout", false),
    line(4, odd, "stdout"),
    line(5, "no newline", "stdout", false),
  ];
  await queue.appendLog(claim.lease, entries);
  return { surroundings, queue, id, claim };
}

describe("logs: output", () => {
  it("is the command's own bytes, each stream on its own", async () => {
    const { surroundings, id } = await withLog();
    await using closing = surroundings;
    expect(await runProgram(closing.context, ["logs", id])).toBe(0);
    const expected = Buffer.concat([Buffer.from("first\nあ"), odd, Buffer.from("\nno newline")]);
    expect(Buffer.compare(closing.io.stdout.bytes(), expected)).toBe(0);
    expect(closing.io.stderr.text()).toBe("problem\n");
  });

  it("is neutralised on a terminal only, colours kept", async () => {
    const { surroundings, id, queue, claim } = await withLog();
    await using closing = surroundings;
    closing.io.stdout.isTTY = true;
    await queue.appendLog(claim.lease, [line(6, "\u001b[31mred\u001b[0m\u202e")]);
    await runProgram(closing.context, ["logs", id, "--stream", "stdout"]);
    expect(closing.io.stdout.text()).toBe(
      "first\nあ\\x00\ufffd\r\\x1b[2J\nno newline\u001b[31mred\u001b[0m\\u202e\n",
    );
  });

  it("tells times, and tasks when there are several, once a line", async () => {
    const { surroundings, id, queue } = await withLog();
    await using closing = surroundings;
    const other = await addTask(queue);
    await queue.appendLog((await startTask(queue, other.id)).lease, [line(1, "hello")]);
    await runProgram(closing.context, ["logs", id, other.id, "--stream", "stdout", "--timestamps"]);
    const rows = closing.io.stdout.text().split("\n");
    expect(rows[0]).toBe(`${id} 2026-03-01T09:00:01.000Z first`);
    expect(rows[1]).toContain(`${id} 2026-03-01T09:00:03.000Z あ`);
    expect(closing.io.stdout.text()).toContain(`${other.id} 2026-03-01T09:00:01.000Z hello\n`);
    expect(closing.io.stdout.text().match(new RegExp(id, "g"))).toHaveLength(3);
  });

  it("filters by tail, grep, level and selector", async () => {
    const { surroundings, id } = await withLog();
    await using closing = surroundings;
    const { context, io } = closing;
    await runProgram(context, ["logs", id, "--grep", "^fir"]);
    await runProgram(context, ["logs", id, "--level", "warn"]);
    await runProgram(context, ["logs", id, "--tail", "0"]);
    expect([io.stdout.text(), io.stderr.text()]).toEqual(["first\n", "problem\n"]);
    await runProgram(context, ["logs", "-l", "team=docs", "--grep", "first"]);
    expect(io.stdout.text()).toBe(`first\n${id} first\n`);
    expect(await runProgram(context, ["logs", "-l", "team=web"])).toBe(0);
    expect(io.stderr.text()).toContain("No task matches");
  });

  it("gives records in JSON: one document, or one a line", async () => {
    const { surroundings, id } = await withLog();
    await using closing = surroundings;
    const { context, io } = closing;
    await runProgram(context, ["logs", id, "-o", "json"]);
    const { kind, items } = JSON.parse(io.stdout.text()) as {
      kind: string;
      items: Record<string, unknown>[];
    };
    expect(kind).toBe("LogList");
    expect(items).toHaveLength(5);
    expect(items[0]).toMatchObject({
      taskId: id,
      attempt: 1,
      sequence: 1,
      stream: "stdout",
      message: "first",
    });
    expect(items[3]).toMatchObject({ messageBase64: Buffer.from(odd).toString("base64") });
    expect(items[4]).toMatchObject({ message: "no newline", newline: false });
    const before = io.stdout.text().length;
    await runProgram(context, ["logs", id, "-o", "jsonl"]);
    expect(io.stdout.text().slice(before).trimEnd().split("\n")).toHaveLength(5);
  });

  it("goes whole into a file, or not at all", async () => {
    const { surroundings, id } = await withLog();
    await using closing = surroundings;
    const { context, io, directory } = closing;
    expect(await runProgram(context, ["logs", id, "--to", "out.log"])).toBe(0);
    expect(io.stdout.text()).toBe("");
    expect((await readFile(join(directory, "out.log"))).subarray(0, 14).toString()).toBe("first\nproblem\n");
    expect(await runProgram(context, ["logs", id, "--to", "none/out.log"])).toBe(1);
    expect(await runProgram(context, ["logs", id, "--attempt", "9", "--to", "other.log"])).toBe(1);
    expect(io.stderr.text()).toContain("KRT_FILE_UNWRITABLE");
    expect(io.stderr.text()).toContain("KRT_ATTEMPT_NOT_FOUND");
    expect(io.stderr.text()).toContain(`\`keruta show ${id}\` lists its attempts.`);
    expect((await readdir(directory)).filter((name) => name.includes("log"))).toEqual(["out.log"]);
  });

  it("says that a task was never started", async () => {
    await using surroundings = await testContext();
    const { id } = await addTask(await surroundings.queue());
    expect(await runProgram(surroundings.context, ["logs", id])).toBe(0);
    expect(surroundings.io.stderr.text()).toContain("was never started");
  });
});

describe("logs --follow", () => {
  it("prints what comes until the task has ended, no byte twice", async () => {
    const { surroundings, id, queue, claim } = await withLog();
    await using closing = surroundings;
    const following = runProgram(closing.context, ["logs", id, "-f", "--tail", "1"]);
    await queue.appendLog(claim.lease, [line(6, " ends"), line(7, "last", "stderr")]);
    await endTask(queue, claim);
    expect(await following).toBe(0);
    expect(closing.io.stdout.text()).toMatch(/ends\n$/);
    expect(closing.io.stdout.text().match(/ends/g)).toHaveLength(1);
    expect(closing.io.stderr.text()).toMatch(/last\n$/);
    expect(closing.listeners()).toBe(0);
  });

  it("waits for a task that has not started, and ends quietly with 130 on SIGINT", async () => {
    await using surroundings = await testContext();
    const { id } = await addTask(await surroundings.queue());
    const following = runProgram(surroundings.context, ["logs", id, "-f"]);
    while (surroundings.listeners() === 0) await new Promise((resolve) => setImmediate(resolve));
    surroundings.send("SIGINT");
    expect(await following).toBe(130);
    expect(surroundings.io.stderr.text()).toBe("");
    expect(surroundings.listeners()).toBe(0);
  });
});
