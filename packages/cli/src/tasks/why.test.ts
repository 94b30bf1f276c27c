import { expect, test } from "vitest";
import { testContext } from "../compose/context.fake.ts";
import { runProgram } from "../program/program.ts";

test("commands in an answer name the task", async () => {
  await using surroundings = await testContext();
  const { context, io } = surroundings;
  expect(await runProgram(context, ["add", "--hold", "--", "true"])).toBe(0);
  const id = io.stdout.text().trim();
  expect(await runProgram(context, ["why", "@last"])).toBe(0);
  expect(io.stdout.text()).toContain(`\`keruta task update ${id} --hold=false\``);
  await runProgram(context, ["cancel", "@last"]);
  await runProgram(context, ["why", "@last"]);
  expect(io.stdout.text()).toContain(`\`keruta submit --from ${id}\``);
  expect(io.stdout.text()).not.toMatch(/\bID\b/);
});
