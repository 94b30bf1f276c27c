import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../sandbox.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox();
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const processes = 12;

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly attempts: readonly unknown[];
}

describe("twelve processes at once", () => {
  test("each task runs exactly once", { timeout: 120_000 }, async () => {
    const journal = `${sandbox.directory}/journal`;
    const add = (index: number) => {
      const task = [
        "add",
        "--runner",
        "local",
        "--priority",
        String(index % 3),
        "--title",
        `t${String(index)}`,
      ];
      return sandbox.run([...task, "--", "sh", "-c", `echo ${String(index)} >> ${journal}`]);
    };
    const numbers = Array.from({ length: processes }, (_, index) => index);
    // Adding and popping overlap: some of the first pops find an empty queue.
    const added = Promise.all(numbers.map(add));
    const early = await Promise.all(
      numbers.map(() => sandbox.run(["submit", "--empty-exit-code", "75", "--runner", "local"])),
    );
    expect((await added).map(({ code }) => code)).toEqual(numbers.map(() => 0));
    const popped = early.filter(({ code }) => code === 0).length;
    expect(early.every(({ code }) => code === 0 || code === 75)).toBe(true);
    const late = await Promise.all(
      numbers.map(() => sandbox.run(["submit", "--empty-exit-code", "75", "--runner", "local"])),
    );
    expect(late.filter(({ code }) => code === 0).length).toBe(processes - popped);

    const lines = (await readFile(journal, "utf8")).trim().split("\n").map(Number);
    expect(lines.toSorted((a, b) => a - b)).toEqual(numbers);
    const { items } = (await sandbox.json(["list"])) as unknown as { items: Listed[] };
    expect(items.every(({ status }) => status === "COMPLETED")).toBe(true);
  });

  test("by priority, then by age", async () => {
    const order: string[] = [];
    for (const [title, priority] of [
      ["low", 1],
      ["high-1", 9],
      ["middle", 5],
      ["high-2", 9],
    ] as const) {
      const add = ["add", "--runner", "local", "--priority", String(priority), "--title", title];
      await sandbox.run([...add, "--", "echo", title]);
    }
    for (let pop = 0; pop < 4; pop += 1) order.push((await sandbox.run(["submit"])).stdout.toString().trim());
    expect(order).toEqual(["high-1", "high-2", "middle", "low"]);
  });

  test("an empty queue is named and is no failure", async () => {
    const run = await sandbox.run(["submit", "--runner", "local"]);
    expect(run.code).toBe(0);
    expect(run.stdout.length).toBe(0);
    expect(run.stderr).toContain(`nothing to run in sqlite:${sandbox.directory}/state/keruta/keruta.db`);
  });

  test("the same request id attaches to the task that is there", async () => {
    const submit = [
      "submit",
      "--runner",
      "local",
      "--request-id",
      "once",
      "--",
      "sh",
      "-c",
      `echo x >> ${sandbox.directory}/once`,
    ];
    const runs = await Promise.all([1, 2, 3].map(() => sandbox.run(submit)));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await readFile(`${sandbox.directory}/once`, "utf8")).toBe("x\n");
  });
});
