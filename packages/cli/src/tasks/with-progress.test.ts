import { expect, test } from "vitest";
import { KerutaError } from "@keruta/shared/domain";
import { testContext } from "../compose/context.fake.ts";
import { runProgram } from "../program/program.ts";
import { addTask, endTask, startTask } from "./queued.fake.ts";
import { withProgress } from "./with-progress.ts";

test.each([
  ["retry", "had been queued again"],
  ["task delete", "had been deleted"],
])("%s of several tells which were done before one was refused", async (words, deed) => {
  await using surroundings = await testContext();
  const { context, io } = surroundings;
  const queue = await surroundings.queue();
  const { id: first } = await addTask(queue);
  await endTask(queue, await startTask(queue, first), { exitCode: 1, reason: "Error" });
  const { id: second } = await addTask(queue);
  await startTask(queue, second);
  expect(await runProgram(context, [...words.split(" "), first, second])).toBe(1);
  expect(io.stderr.text()).toContain(`1 / 2 tasks ${deed} before: ${first}.`);
});

test("and a program reads their ids in the details", () => {
  const refused = new KerutaError(
    "KRT_STATUS_CONFLICT",
    { en: "No.", ja: "いいえ。" },
    { details: { a: 1 } },
  );
  expect(withProgress(refused, "retried", ["x", "y"], 3)).toMatchObject({
    code: "KRT_STATUS_CONFLICT",
    text: { en: "No. 2 / 3 tasks had been queued again before: x, y." },
    details: { a: 1, retried: ["x", "y"] },
  });
  expect(withProgress(refused, "retried", [], 3)).toBe(refused);
});
