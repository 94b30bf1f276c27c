import { expect, test } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";

const holder = { host: "h", user: "u", pid: 1, bootId: "", pidNamespace: "", startTime: "1" };

async function detached(format: string) {
  await using surroundings = await testContext();
  const { context, io } = surroundings;
  const queue = await surroundings.queue();
  await queue.announceDriver(holder);
  const code = await runProgram(context, [
    "submit",
    "--detach",
    "--driver",
    "worker",
    "-o",
    format,
    "--",
    "true",
  ]);
  const [task] = (await queue.listTasks({})).items;
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text(), id: task?.id };
}

test("submit --detach prints the bare id as text", async () => {
  const { code, stdout, id } = await detached("text");
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${String(id)}\n` });
});

test("and exactly one document, the task, as JSON", async () => {
  const { code, stdout, id } = await detached("json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ apiVersion: "keruta/v1", kind: "Task", id, status: "PENDING" });
});

test("and as JSON lines nothing but events, which name the task", async () => {
  const { code, stdout, id } = await detached("jsonl");
  const events = stdout.trimEnd().split("\n");
  expect(code).toBe(0);
  expect(events.map((event) => JSON.parse(event) as unknown)).toMatchObject([
    { apiVersion: "keruta/v1", kind: "Event", type: "TaskAdded", taskId: id },
  ]);
});
