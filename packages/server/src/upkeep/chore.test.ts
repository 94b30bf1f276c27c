import { expect, test } from "vitest";
import { startChore } from "./chore.ts";

test("a chore is done at once, one at a time, and again after a failure, until it is stopped", async () => {
  let tick: () => void = () => undefined;
  let stopped = 0;
  const timers = {
    every: (_: number, act: () => void) => {
      tick = act;
      return () => (stopped += 1);
    },
  };
  const warnings: string[] = [];
  const log = {
    info: () => undefined,
    error: () => undefined,
    warn: (_: unknown, message: string) => warnings.push(message),
  };
  let [running, most, runs] = [0, 0, 0];
  const run = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    runs += 1;
    if (runs === 1) throw new Error("the disk said no");
  };
  const chore = startChore({ name: "sweeping", milliseconds: 1000, run, timers, log });
  tick();
  tick();
  await chore.stop();
  expect({ runs, most, stopped }).toEqual({ runs: 3, most: 1, stopped: 1 });
  expect(warnings).toEqual(["not done, tried again later: sweeping"]);
});
