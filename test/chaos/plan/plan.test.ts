import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { validateTask } from "../../../packages/shared/src/taskfile/index.ts";
import { linesOf, lineProgram } from "./output.ts";
import { allFaultKinds, faultKinds, possibleKinds, type Need } from "./fault-kinds.ts";
import { planFaults } from "./plan-faults.ts";
import { planTask } from "./plan-tasks.ts";
import { outputOf, taskOf } from "./task-file.ts";

const faultOptions = { seed: 7, milliseconds: 600_000, perMinute: 60, kinds: allFaultKinds };
const taskOptions = { seed: 7, runners: ["local", "kubernetes"] as const };
const tasks = Array.from({ length: 300 }, (_, number) => planTask(taskOptions, number));

describe("a plan of faults", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(planFaults(faultOptions)).toEqual(planFaults(faultOptions));
    expect(planFaults({ ...faultOptions, seed: 8 })).not.toEqual(planFaults(faultOptions));
  });

  test("has about as many as were asked for, in order, of every kind in an hour", () => {
    const hour = planFaults({ ...faultOptions, milliseconds: 3_600_000 });
    expect(hour.length).toBeGreaterThan(3300);
    expect(hour.length).toBeLessThan(3900);
    expect(hour.map(({ at }) => at)).toEqual(hour.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(new Set(hour.map(({ kind }) => kind))).toEqual(new Set(allFaultKinds));
  });

  test("has only what the surroundings can have", () => {
    const kinds = possibleKinds(new Set<Need>(["postgres"]));
    expect(kinds).toContain("kill-postgres");
    expect(kinds.every((kind) => faultKinds[kind].needs.every((need) => need === "postgres"))).toBe(true);
    expect(possibleKinds(new Set(), ["kill-worker", "delete-pod"])).toEqual(["kill-worker"]);
  });
});

describe("a plan of tasks", () => {
  test("is the same for the same seed, task by task", () => {
    expect(tasks[250]).toEqual(planTask(taskOptions, 250));
    expect(planTask({ ...taskOptions, seed: 8 }, 250)).not.toEqual(tasks[250]);
  });

  test("has both runners and every flavour, and only tasks that keruta accepts", () => {
    expect(new Set(tasks.map(({ runner }) => runner)).size).toBe(2);
    expect(new Set(tasks.map(({ flavour }) => flavour)).size).toBe(14);
    for (const plan of tasks) {
      const text = JSON.stringify(taskOf(plan, { marker: "127.0.0.1:1", image: "example/image:1" }));
      expect(validateTask(JSON.parse(text), { name: "test" })).toMatchObject({ title: plan.key });
    }
  });
});

test("awk writes the lines that are expected", () => {
  const block = { from: 95, count: 30, width: 33 };
  const written = execFileSync("awk", ["-v", "t=a/1", lineProgram(block)], { encoding: "utf8" });
  expect(written).toBe(linesOf("a/1", block));
  expect(new Set(written.split("\n")).size).toBe(31);
});

test("a task that restarts its command writes everything as often", () => {
  const plan = tasks.find(({ flavour }) => flavour === "restarted");
  if (!plan) throw new Error("there is none");
  const once = outputOf({ ...plan, restarts: 0 }, 1);
  expect(outputOf(plan, 1).stdout.toString()).toBe(once.stdout.toString().repeat(2));
});
