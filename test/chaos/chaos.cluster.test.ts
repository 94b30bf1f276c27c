import { expect, test } from "vitest";
import { runShortRound } from "./short-round.ts";

test(
  "every promise is kept while drivers, server, Pods and connections fail",
  { timeout: 300_000 },
  async () => {
    const kubeconfig = process.env["KERUTA_TEST_KUBECONFIG"];
    const { stories, history } = await runShortRound({ store: "api-sqlite", kubeconfig, seconds: 40 });
    expect(stories).toEqual([]);
    expect(history.faults.length).toBeGreaterThan(5);
    expect(history.tasks.length).toBeGreaterThan(5);
  },
);
