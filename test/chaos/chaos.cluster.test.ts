import { expect, test } from "vitest";
import { runShortRound } from "./short-round.ts";

test(
  "every promise is kept while drivers, server, Pods and connections fail",
  // An evicted Pod whose sidecar has something to hand over stays for its grace of five minutes, and so may the round.
  { timeout: 600_000, tags: ["long"] },
  async () => {
    const kubeconfig = process.env["KERUTA_TEST_KUBECONFIG"];
    const { stories, history } = await runShortRound({ store: "api-sqlite", kubeconfig, seconds: 40 });
    expect(stories).toEqual([]);
    expect(history.faults.length).toBeGreaterThan(5);
    expect(history.tasks.length).toBeGreaterThan(5);
  },
);
