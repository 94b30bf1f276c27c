import type { TaskJson, TaskStatus } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import { actOnAll, applies, taskActions, type Outcome } from "./actions.ts";

test.each([
  ["PENDING", ["cancel", "delete"]],
  ["IN_PROGRESS", ["cancel"]],
  ["COMPLETED", ["delete"]],
  ["FAILED", ["retry", "delete"]],
  ["CANCELLED", ["delete"]],
] as const)("what can be done with a task that is %s", (status, expected) => {
  const task = { status: status as TaskStatus, cancelRequestedAt: null };
  expect(taskActions.filter((action) => applies(action, task))).toEqual(expected);
});

test("a task that is being cancelled is not cancelled again", () => {
  expect(applies("cancel", { status: "IN_PROGRESS", cancelRequestedAt: "2026-01-01T00:00:00.000Z" })).toBe(
    false,
  );
});

test("of many tasks each has its own outcome, and one that fails holds up no other", async () => {
  const tasks = Array.from({ length: 9 }, (_, n) => ({ id: `t${String(n)}` }) as TaskJson);
  const outcomes: Outcome[] = [];
  let running = 0;
  let most = 0;
  await actOnAll(
    "cancel",
    tasks,
    (outcome) => outcomes.push(outcome),
    async (_, id) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      if (id === "t3") throw new Error("no");
    },
  );
  expect(outcomes.filter(({ problem }) => problem !== null).map(({ task }) => task.id)).toEqual(["t3"]);
  expect(new Set(outcomes.map(({ task }) => task.id)).size).toBe(9);
  expect(most).toBeLessThanOrEqual(4);
});
