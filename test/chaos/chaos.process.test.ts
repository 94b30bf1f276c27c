import { expect, test } from "vitest";
import { runShortRound } from "./short-round.ts";

test("every promise is kept while drivers, agents and the disk fail", { timeout: 400_000 }, async () => {
  const { stories, history } = await runShortRound({ store: "sqlite", kubeconfig: undefined, seconds: 25 });
  expect(stories).toEqual([]);
  expect(history.faults.length).toBeGreaterThan(5);
  expect(history.tasks.length).toBeGreaterThan(5);
});
