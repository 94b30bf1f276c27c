import { describe, expect, it } from "vitest";
import type { Queue } from "@keruta/shared/queue";
import { testContext } from "../../compose/context.fake.ts";
import { displayWidth } from "../../output/width.ts";
import { createRoot } from "../../command-line/build.ts";
import { runProgram } from "../../program/program.ts";
import { addTask, endTask, startTask } from "../../tasks/queued.fake.ts";
import { taskListCommand, type TaskListOptions } from "./list.ts";

async function parse(line: readonly string[]) {
  await using surroundings = await testContext();
  const { context } = surroundings;
  const seen: Omit<TaskListOptions, "context">[] = [];
  const command = taskListCommand(context, async ({ filter, limit, format }) => {
    seen.push({ filter, limit, format });
  });
  await createRoot(context)
    .addCommand(command)
    .parseAsync(["list", ...line], { from: "user" });
  return seen;
}

describe("list: from arguments to options", () => {
  it.each([
    [[], { filter: {}, limit: 100, format: "text" }],
    [
      ["--status", "failed,pending", "--status", "CANCELLED"],
      { filter: { statuses: ["FAILED", "PENDING", "CANCELLED"] }, limit: 100, format: "text" },
    ],
    [
      ["-l", "team=docs,!old", "--search", "語", "-o", "wide"],
      {
        filter: {
          labels: [
            { key: "team", operator: "In", values: ["docs"] },
            { key: "old", operator: "DoesNotExist", values: [] },
          ],
          search: "語",
        },
        limit: 100,
        format: "wide",
      },
    ],
    [["--limit", "0", "-o", "jsonl"], { filter: {}, limit: Number.POSITIVE_INFINITY, format: "jsonl" }],
    [["--limit=3", "--cursor", "abc"], { filter: { cursor: "abc" }, limit: 3, format: "text" }],
  ])("%j", async (line, options) => {
    expect(await parse(line)).toEqual([options]);
  });
});

async function list(
  line: readonly string[],
  prepare: (io: Awaited<ReturnType<typeof testContext>>["io"]) => void = () => {},
) {
  await using surroundings = await testContext();
  const { context, io } = surroundings;
  const queue = await surroundings.queue();
  await addTask(queue, { title: "資料を作成する長い題名のタスク", labels: { team: "docs" } });
  const failed = await addTask(queue, { title: "evil \u001b[2J\u202e title" });
  await endTask(queue, await startTask(queue, failed.id), { exitCode: 7, reason: "Error" });
  prepare(io);
  const code = await runProgram(context, ["list", ...line]);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

describe("list: output", () => {
  it("shows id, status, reason, age and title, newest first", async () => {
    const { code, stdout } = await list([]);
    expect(code).toBe(0);
    const [header, first, second] = stdout.split("\n");
    expect(header).toMatch(/^ID +STATUS +REASON +PRIORITY +AGE +TITLE$/);
    expect(first).toMatch(/^[a-z2-7]{10} +FAILED +Error +0 +0s +evil/);
    expect(second).toMatch(/^[a-z2-7]{10} +PENDING +0 +0s +資料を作成する長い題名のタスク$/);
  });

  it("never lets a title control the terminal, and leaves it as it is in JSON", async () => {
    expect((await list([])).stdout).toContain("evil \\x1b[2J\\u202e title");
    const { items } = JSON.parse((await list(["-o", "json"])).stdout) as { items: { title: string }[] };
    expect(items[0]?.title).toBe("evil \u001b[2J\u202e title");
  });

  it.each([20, 30, 40, 60, 80, 120])("fits a terminal of %i columns", async (columns) => {
    const { stdout } = await list(["-o", "wide"], (io) => {
      io.stdout.isTTY = true;
      io.stdout.columns = columns;
    });
    const rows = stdout.trimEnd().split("\n");
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(displayWidth(row)).toBeLessThanOrEqual(columns);
    for (const row of rows.slice(1)) expect(row).toMatch(/^[a-z2-7]{10}/);
  });

  it("colours the status only where colours are wanted", async () => {
    expect((await list([])).stdout).not.toContain("\u001b[");
    const coloured = await list([], (io) => {
      io.stdout.colorLevel = 1;
    });
    expect(coloured.stdout).toContain("\u001b[31mFAILED");
  });

  it("prints bare ids with -o name and a task a line with -o jsonl", async () => {
    expect((await list(["-o", "name"])).stdout).toMatch(/^([a-z2-7]{10}\n){2}$/);
    const rows = (await list(["--limit", "0", "-o", "jsonl"])).stdout.trimEnd().split("\n");
    expect(rows.map((row) => (JSON.parse(row) as { kind: string }).kind)).toEqual(["Task", "Task"]);
  });

  it("has the documented names in the documented order", async () => {
    const document = JSON.parse((await list(["-o", "json"])).stdout) as { items: Record<string, unknown>[] };
    expect(Object.keys(document)).toEqual(["apiVersion", "kind", "items", "nextCursor"]);
    expect(Object.keys(document.items[0] ?? {}).filter((name) => name !== "cancelRequestedAt")).toEqual(
      "apiVersion kind id title description priority status labels spec createdAt updatedAt createdBy requestId progress pending attempt attempts".split(
        " ",
      ),
    );
  });

  it("says on stderr that there are more, and goes on by the cursor", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const queue = await surroundings.queue();
    const first = await addTask(queue);
    await addTask(queue);
    await runProgram(context, ["list", "--limit", "1", "-o", "json"]);
    const { nextCursor } = JSON.parse(io.stdout.text()) as { nextCursor: string };
    await runProgram(context, ["list", "--limit", "1", "--cursor", nextCursor, "-o", "name"]);
    expect(io.stdout.text()).toMatch(new RegExp(`${first.id}\n$`));
    await runProgram(context, ["list", "--limit", "1"]);
    expect(io.stderr.text()).toMatch(/keruta: There are more; add --cursor /);
  });

  it.each([
    ["name", "4"],
    ["jsonl", "4"],
    ["json", "4"],
    ["text", "4"],
    ["name", "0"],
  ])(
    "-o %s --limit %s goes over as many pages as it takes, and says where there are more",
    async (format, limit) => {
      await using surroundings = await testContext();
      const { context, io } = surroundings;
      const real = await surroundings.queue();
      const ids: string[] = [];
      for (let count = 0; count < 5; count += 1) ids.unshift((await addTask(real)).id);
      // A store has a longest page of its own, whatever is asked for.
      const short: Queue = {
        ...real,
        listTasks: (filter) => real.listTasks({ ...filter, limit: Math.min(filter.limit ?? 2, 2) }),
      };
      const openQueue = { value: async () => short };
      await runProgram(Object.create(context, { openQueue }), ["list", "-o", format, "--limit", limit]);
      const wanted = limit === "0" ? ids : ids.slice(0, 4);
      const found = ids.filter((id) => io.stdout.text().includes(id));
      expect(found).toEqual(wanted);
      const cursor = /There are more; add --cursor (\S+),/.exec(io.stderr.text())?.[1];
      expect(cursor !== undefined).toBe(limit !== "0" && format !== "json");
      if (cursor === undefined) return;
      await runProgram(context, ["list", "-o", "name", "--cursor", cursor]);
      expect(io.stdout.text().endsWith(`\n${ids.at(-1)}\n`)).toBe(true);
    },
  );

  it("names the queue when it is empty, and is silent with -q", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    await runProgram(context, ["list", "-q"]);
    expect(io.stderr.text()).toBe("");
    await runProgram(context, ["list"]);
    expect(io.stderr.text()).toMatch(/^keruta: The queue sqlite:.*keruta\.db is empty\.\n$/);
    await runProgram(context, ["list", "--status", "failed", "--lang", "ja"]);
    expect(io.stderr.text()).toContain("該当するタスクはありません");
  });
});
