import { expect, test } from "vitest";
import type { TaskSpec } from "../task/spec.ts";
import { expiredOf, type Expired } from "./expired.ts";

const usual = { logs: 30_000, artifacts: 30_000, tasks: 100_000 };

test.each<[string, TaskSpec["retention"], number, Partial<Expired>]>([
  ["nothing before its time", undefined, 29_999, {}],
  ["log and artifacts by the settings", undefined, 30_000, { log: true, artifacts: true }],
  ["a log that is to stay longer", { logs: "40s" }, 30_000, { artifacts: true }],
  ["artifacts that are to go sooner", { artifacts: "1s" }, 1000, { artifacts: true }],
  ["an empty word is none", { logs: "" }, 30_000, { log: true, artifacts: true }],
  ["the task at last", undefined, 100_000, { log: true, artifacts: true, task: true }],
  ["a task stays for what it asked to keep", { logs: "200s" }, 100_000, { artifacts: true }],
])("%s", (_, retention, age, expected) => {
  const expired = expiredOf(retention ? { retention } : {}, 1000, usual, 1000 + age);
  expect(expired).toEqual({ log: false, artifacts: false, task: false, ...expected });
});

test("0 keeps for ever", () => {
  const forever = { logs: 0, artifacts: 0, tasks: 0 };
  expect(expiredOf({}, 0, forever, Number.MAX_SAFE_INTEGER)).toEqual({
    log: false,
    artifacts: false,
    task: false,
  });
});
