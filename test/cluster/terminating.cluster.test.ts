import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { podOf, says, show, submit } from "./submitted.ts";

let cluster: ClusterSandbox;
beforeAll(async () => {
  cluster = await createClusterSandbox();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const megabyte = "yes 'one of very many lines' | head -c 1200000";
const untilTold = "trap 'echo last words; exit 3' TERM; echo ready; while :; do sleep 0.05; done";

/** The Pod's grace, which its sidecar may use up, is five minutes. */
describe("a Pod that is deleted while it has something to hand over ends as soon as that is fetched", () => {
  test.concurrent.each([
    ["a long log", `${megabyte}; ${untilTold}`, {}, null],
    [
      "artifacts",
      `echo whole > part; ${untilTold}`,
      { artifacts: { paths: ["part"] } },
      { status: "Collected", files: 1 },
    ],
    [
      "artifacts that only the command has named",
      `echo whole > part; echo ::keruta:artifact part; ${untilTold}`,
      {},
      { status: "Collected", files: 1 },
    ],
  ])("%s", { timeout: 120_000 }, async (_, script, more, artifacts) => {
    const spec = { command: ["sh", "-c", script], retry: { attempts: 1 }, ...more };
    const { child, ended, ...submitted } = await submit(cluster, spec);
    await says(child, "ready\n");
    const id = await submitted.id();
    await cluster.kubectl("delete", "pod", await podOf(cluster, id), "--wait=false");
    const run = await ended;
    expect(run.code).toBe(125);
    expect(run.stdout.toString()).toMatch(/ready\nlast words\n$/);
    const { attempt } = await show(cluster, id);
    expect(attempt).toMatchObject({
      reason: "PodLost",
      exitCode: 3,
      log: { complete: true },
      artifacts,
    });
  });
});
