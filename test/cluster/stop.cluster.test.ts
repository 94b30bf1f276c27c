import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { eventually, namesOf, nothingRuns, podOf, says, show, submit } from "./submitted.ts";

let cluster: ClusterSandbox;
beforeAll(async () => {
  cluster = await createClusterSandbox();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const lastWords = "trap 'echo last words; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
const spec = { command: ["sh", "-c", lastWords] };

/** It was cancelled once, nothing of it runs, and its log ends with what it said when it was asked to. */
async function expectCancelled(id: string): Promise<void> {
  const shown = await show(cluster, id);
  expect(shown.status).toBe("CANCELLED");
  expect(shown.attempts).toMatchObject([{ reason: "Cancelled", category: "user", log: { complete: true } }]);
  expect((await cluster.run(["logs", id])).stdout.toString()).toBe("ready\nlast words\n");
  await nothingRuns(cluster, id);
}

describe("a task is stopped", () => {
  test.concurrent.each(["SIGINT", "SIGTERM"] as const)(
    "by %s, and its last words are kept",
    async (signal) => {
      const { child, ended, ...submitted } = await submit(cluster, spec);
      await says(child, "ready\n");
      child.kill(signal);
      const run = await ended;
      expect([run.code, run.stdout.toString()]).toEqual([130, "ready\nlast words\n"]);
      expect(run.lastWord).toContain("CANCELLED: Cancelled");
      await expectCancelled(await submitted.id());
    },
  );

  test.concurrent("by keruta cancel from elsewhere", async () => {
    const { child, ended, ...submitted } = await submit(cluster, spec);
    await says(child, "ready\n");
    const id = await submitted.id();
    expect((await cluster.run(["cancel", id])).code).toBe(0);
    const run = await ended;
    expect([run.code, run.stdout.toString()]).toEqual([130, "ready\nlast words\n"]);
    await expectCancelled(id);
  });

  test.concurrent("by keruta cancel while nobody drives it, by whoever comes next", async () => {
    const { child, ended, ...submitted } = await submit(cluster, spec);
    await says(child, "ready\n");
    const id = await submitted.id();
    child.kill("SIGKILL");
    await ended;
    expect((await cluster.run(["cancel", id])).code).toBe(0);
    const run = await cluster.run(["attach", id]);
    expect([run.code, run.stdout.toString()]).toEqual([130, "ready\nlast words\n"]);
    await expectCancelled(id);
  });

  test.concurrent("with SIGKILL where it does not heed SIGTERM", async () => {
    const deaf = { command: ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"] };
    const env = { KERUTA_AGENT_STOP_GRACE: "1s" };
    const { child, ended, ...submitted } = await submit(cluster, deaf, { env });
    await says(child, "ready\n");
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    const id = await submitted.id();
    expect((await show(cluster, id)).attempts).toMatchObject([{ reason: "Cancelled", signal: "SIGKILL" }]);
    await nothingRuns(cluster, id);
  });

  test.concurrent("while its image is pulled: it never starts", async () => {
    const pulling = { image: "example.invalid/none:1", command: ["true"] };
    const env = { KERUTA_KUBERNETES_GRACE_IMAGE: "10m" };
    const { child, ended, ...submitted } = await submit(cluster, pulling, { env });
    const id = await submitted.id();
    await podOf(cluster, id);
    await eventually(async () => (await show(cluster, id)).attempt.phase === "Pulling" || undefined);
    child.kill("SIGINT");
    const run = await ended;
    expect([run.code, run.lastWord]).toEqual([130, expect.stringContaining("CANCELLED")]);
    const shown = await show(cluster, id);
    expect(shown.attempts).toMatchObject([{ reason: "Cancelled", exitCode: null }]);
    await nothingRuns(cluster, id);
  });

  test.concurrent("after its end: nothing changes", async () => {
    const { ended, ...submitted } = await submit(cluster, { command: ["sh", "-c", "exit 4"] });
    expect((await ended).code).toBe(4);
    const id = await submitted.id();
    await cluster.run(["cancel", id]);
    expect((await show(cluster, id)).status).toBe("FAILED");
  });
});

describe("a closed terminal", () => {
  test.concurrent("detaches: the task runs on, and attach comes back to its true end", async () => {
    const slow = "echo ready; sleep 3; echo done; exit 5";
    const { child, ended, ...submitted } = await submit(cluster, { command: ["sh", "-c", slow] });
    await says(child, "ready\n");
    child.kill("SIGHUP");
    const left = await ended;
    expect(left.signal).toBe(null);
    const id = await submitted.id();
    expect((await show(cluster, id)).status).toBe("IN_PROGRESS");
    expect(left.stderr).toContain(`keruta attach ${id}`);

    const run = await cluster.run(["attach", id]);
    expect([run.code, run.stdout.toString()]).toEqual([5, "ready\ndone\n"]);
    expect((await show(cluster, id)).attempts).toMatchObject([{ exitCode: 5, log: { complete: true } }]);
    expect(await namesOf(cluster, "jobs", id)).toEqual([`keruta-${id}-1`]);
  });
});

describe("by default", () => {
  test.concurrent("a Pod that is deleted is tried again", async () => {
    const once = 'echo "attempt $KERUTA_ATTEMPT"; test $KERUTA_ATTEMPT = 2 || exec sleep 60';
    const retry = { attempts: 2, backoff: "100ms" };
    const { child, ended, ...submitted } = await submit(cluster, { command: ["sh", "-c", once], retry });
    await says(child, "attempt 1\n");
    const id = await submitted.id();
    await cluster.kubectl("delete", "pod", await podOf(cluster, id), "--grace-period=1", "--wait=false");
    const run = await ended;
    expect([run.code, run.stdout.toString()]).toEqual([0, "attempt 1\nattempt 2\n"]);
    const shown = await show(cluster, id);
    expect(shown.status).toBe("COMPLETED");
    expect(shown.attempts.map(({ reason }) => reason)).toEqual(["PodLost", "Completed"]);
    await nothingRuns(cluster, id);
  });

  test.concurrent("an exit code 1 is not", async () => {
    const { ended, ...submitted } = await submit(cluster, { command: ["sh", "-c", "echo once; exit 1"] });
    const run = await ended;
    expect([run.code, run.stdout.toString()]).toEqual([1, "once\n"]);
    expect((await show(cluster, await submitted.id())).attempts).toMatchObject([{ reason: "Error" }]);
  });
});
