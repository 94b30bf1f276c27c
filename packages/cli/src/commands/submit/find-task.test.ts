import { expect, test } from "vitest";
import { KerutaError } from "@keruta/shared/domain";
import { testContext, type TestContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";
import { addTask, startTask } from "../../tasks/queued.fake.ts";
import { findTask, type FindTaskOptions } from "./find-task.ts";

const full = new KerutaError("KRT_FILE_UNWRITABLE", { en: "No room.", ja: "" });

async function optionsFor(
  surroundings: TestContext,
  more: Partial<FindTaskOptions>,
): Promise<FindTaskOptions> {
  return {
    context: surroundings.context,
    queue: await surroundings.queue(),
    source: { kind: "next" },
    runner: undefined,
    driver: "auto",
    detach: false,
    onInterrupt: undefined,
    requestId: undefined,
    artifactsDir: undefined,
    resultFile: undefined,
    idFile: undefined,
    emptyExitCode: 0,
    simpleExitCode: false,
    format: "text",
    dryRun: undefined,
    named: undefined,
    ...more,
  };
}

const unnamed = { named: () => Promise.reject(full) };
const local = { spec: { command: ["true"], runner: "local" as const } };

test("a new task that cannot be named is cancelled, and the error names it", async () => {
  await using surroundings = await testContext();
  const command = ["true"];
  const source = {
    kind: "new" as const,
    file: undefined,
    from: undefined,
    flags: { runner: "local" as const },
    command,
  };
  const options = await optionsFor(surroundings, { source, ...unnamed });
  const error: unknown = await findTask(options).catch((thrown: unknown) => thrown);
  const [task] = (await options.queue.listTasks({})).items;
  expect(task?.status).toBe("CANCELLED");
  expect(error).toMatchObject({ code: "KRT_FILE_UNWRITABLE", details: { taskId: task?.id } });
  expect((error as Error).message).toBe(
    `No room. Task ${String(task?.id)} is not run here: it was queued and has been cancelled.`,
  );
});

test("one that was popped and cannot be named is handed back to whoever comes next", async () => {
  await using surroundings = await testContext();
  const options = await optionsFor(surroundings, unnamed);
  const { id } = await addTask(options.queue, local);
  await expect(findTask(options)).rejects.toMatchObject({ details: { taskId: id } });
  expect((await startTask(options.queue, id)).attempt.number).toBe(1);
});

test("one of the queue that cannot be named is not even claimed", async () => {
  await using surroundings = await testContext();
  const { id } = await addTask(await surroundings.queue(), local);
  const options = await optionsFor(surroundings, { source: { kind: "task", task: id }, ...unnamed });
  await expect(findTask(options)).rejects.toBe(full);
  expect((await options.queue.getTask(id))?.status).toBe("PENDING");
});

test("a task is named before it is claimed, and then claimed", async () => {
  await using surroundings = await testContext();
  const told: unknown[] = [];
  const source = {
    kind: "new" as const,
    file: undefined,
    from: undefined,
    flags: { runner: "local" as const },
    command: ["true"],
  };
  const options = await optionsFor(surroundings, {
    source,
    named: async (id) => void told.push([id, (await options.queue.getTask(id))?.status]),
  });
  const found = await findTask(options);
  expect(told).toEqual([[found?.task.id, "PENDING"]]);
  expect(found?.claim?.attempt.number).toBe(1);
});

test.each(["/nonexistent/id", "."])(
  "nothing is queued where the id cannot be written to %s",
  async (file) => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const line = ["submit", "--runner", "local", "--id-file", file, "--", "true"];
    expect(await runProgram(context, line)).toBe(125);
    expect(io.stderr.text()).toContain("KRT_FILE_UNWRITABLE");
    expect((await (await surroundings.queue()).listTasks({})).items).toEqual([]);
  },
);

test.each([
  [["submit", "--request-id", "build-7"], "--request-id is of a new task"],
  [["submit", "ID", "--request-id", "build-7"], "--request-id is of a new task"],
  [["submit", "--driver", "worker"], "--driver worker needs a task"],
  [["submit", "ID", "--driver", "worker", "--runner", "local"], "leaves that to a worker"],
  [["submit", "ID", "--driver", "worker"], "No worker is alive"],
  [["submit", "--driver", "worker", "--", "true"], "No worker is alive"],
  [["submit", "ID", "--detach"], "cannot be left running (--detach)"],
  [["submit", "--detach"], "cannot be left running (--detach)"],
  [["submit", "--detach", "--runner", "local"], "cannot be left running (--detach)"],
  [["submit", "--detach", "--runner", "local", "--", "true"], "cannot be left running (--detach)"],
])("%j exits with 125, and the task waits as before", async (line, sentence) => {
  await using surroundings = await testContext();
  const { context, io } = surroundings;
  const queue = await surroundings.queue();
  const { id } = await addTask(queue, local);
  const words = line.map((word) => (word === "ID" ? id : word));
  expect(await runProgram(context, words)).toBe(125);
  expect(io.stderr.text()).toContain(sentence);
  expect((await queue.listTasks({})).items).toMatchObject([{ id, status: "PENDING", attempts: [] }]);
});
