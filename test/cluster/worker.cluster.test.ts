import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createClusterSandbox, kubeconfigFor, type ClusterSandbox } from "./environment.ts";
import { busybox, eventually, logRecords, namesOf, show } from "./submitted.ts";
import { startSwitchedProxy } from "./switched-proxy.ts";

type Started = ReturnType<ClusterSandbox["start"]>;

/** Queues tasks of these scripts, in order; resolves with their ids. */
async function add(
  cluster: ClusterSandbox,
  scripts: readonly string[],
  spec: object = { image: busybox },
): Promise<readonly string[]> {
  const tasks = scripts.map((script) => ({
    apiVersion: "keruta/v1",
    kind: "Task",
    title: script,
    spec: { ...spec, command: ["sh", "-c", script] },
  }));
  const file = await cluster.file("tasks.yaml", tasks.map((task) => JSON.stringify(task)).join("\n---\n"));
  const run = await cluster.run(["add", "-f", file]);
  expect([run.code, run.stderr]).toEqual([0, ""]);
  return run.stdout.toString().trim().split("\n");
}

/** All that a process has said so far on stderr. */
function listen({ stderr }: ChildProcess): () => string {
  let seen = "";
  stderr?.on("data", (chunk: Buffer) => (seen += chunk.toString()));
  return () => seen;
}

const says = (words: () => string, text: string) =>
  eventually(async () => (words().includes(text) ? true : undefined));

async function terminated(worker: Started): Promise<Awaited<Started["ended"]>> {
  worker.child.kill("SIGTERM");
  return worker.ended;
}

async function linesOf(cluster: ClusterSandbox, id: string): Promise<readonly unknown[]> {
  const records = await logRecords(cluster, id);
  return records.filter(({ kind }) => kind === undefined).map(({ message }) => message);
}

test(
  "three workers over one queue: thirty tasks, each once",
  { timeout: 240_000, tags: ["long"] },
  async () => {
    await using cluster = await createClusterSandbox();
    const scripts = Array.from({ length: 30 }, (_, index) => `echo line ${String(index)}`);
    const ids = await add(cluster, scripts);
    const start = () => cluster.start(["worker", "-v", "--concurrency", "4", "--until-empty"]);
    const runs = await Promise.all([start(), start(), start()].map(({ ended }) => ended));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    const started = runs.map(({ stderr }) => stderr.match(/ attempt 1 started: /g)?.length ?? 0);
    expect(started.reduce((sum, count) => sum + count)).toBe(30);
    expect(Math.min(...started)).toBeGreaterThan(0);
    for (const [index, id] of ids.entries()) {
      const { status, attempts } = await show(cluster, id);
      expect([status, attempts.length]).toEqual(["COMPLETED", 1]);
      expect(await linesOf(cluster, id)).toEqual([`line ${String(index)}`]);
      expect(await namesOf(cluster, "jobs", id)).toEqual([`keruta-${id}-1`]);
      expect((await namesOf(cluster, "pods", id)).length).toBe(1);
    }
    // However many attempts it drove, each worker has watched once.
    for (const { stderr } of runs) {
      const requests = /API requests: (.*)/.exec(stderr)?.[1] ?? "";
      for (const kind of ["jobs", "pods", "events"]) {
        expect(requests).toMatch(new RegExp(`list ${kind} 1(,|$)`));
        expect(requests).toMatch(new RegExp(`watch ${kind} 1(,|$)`));
      }
    }
  },
);

describe("a worker that goes", () => {
  const scripts = ["a", "b", "c"].map((name) => `echo ${name} one; sleep 15; echo ${name} two`);
  const expectWhole = async (cluster: ClusterSandbox, ids: readonly string[]) => {
    for (const [index, id] of ids.entries()) {
      const { status, attempts } = await show(cluster, id);
      expect([status, attempts.map(({ reason }) => reason)]).toEqual(["COMPLETED", ["Completed"]]);
      const name = ["a", "b", "c"][index] ?? "";
      expect(await linesOf(cluster, id)).toEqual([`${name} one`, `${name} two`]);
      expect((await namesOf(cluster, "pods", id)).length).toBe(1);
    }
  };
  const allRun = (cluster: ClusterSandbox, ids: readonly string[]) =>
    eventually(async () => {
      const shown = await Promise.all(ids.map((id) => show(cluster, id)));
      return shown.every(({ attempts }) => attempts[0]?.phase === "Running") ? true : undefined;
    });

  test.concurrent("kill -9: what it drove is seen to its end by another, without a gap", async () => {
    await using cluster = await createClusterSandbox();
    const ids = await add(cluster, scripts);
    const killed = cluster.start(["worker", "--concurrency", "3"]);
    await allRun(cluster, ids);
    const other = cluster.start(["worker", "--concurrency", "3"]);
    const words = listen(other.child);
    await says(words, "3 at a time");
    killed.child.kill("SIGKILL");
    for (const id of ids) await says(words, `${id} COMPLETED`);
    expect((await terminated(other)).stderr.match(/ taken over: /g)?.length).toBe(3);
    await expectWhole(cluster, ids);
  });

  test.concurrent(
    "one that only hangs loses what it drives within 90 seconds",
    { timeout: 180_000, tags: ["long"] },
    async () => {
      await using cluster = await createClusterSandbox();
      const [id = ""] = await add(cluster, ["echo a one; sleep 80; echo a two"]);
      const hung = cluster.start(["worker"]);
      await allRun(cluster, [id]);
      const [hungWords, other] = [listen(hung.child), cluster.start(["worker"])];
      const words = listen(other.child);
      const from = performance.now();
      hung.child.kill("SIGSTOP");
      await eventually(async () => (words().includes("taken over") ? true : undefined), 90_000);
      expect(performance.now() - from).toBeLessThan(90_000);
      hung.child.kill("SIGCONT");
      await says(hungWords, "another driver has it now");
      await says(words, `${id} COMPLETED`);
      await Promise.all([terminated(hung), terminated(other)]);
      await expectWhole(cluster, [id]);
    },
  );

  test.concurrent("a second signal: its Jobs go on, and the next worker has them", async () => {
    await using cluster = await createClusterSandbox();
    const ids = await add(cluster, scripts);
    const first = cluster.start(["worker", "--concurrency", "3"]);
    await allRun(cluster, ids);
    const words = listen(first.child);
    first.child.kill("SIGTERM");
    await says(words, "no more tasks are taken; 3 still run");
    // The same one so soon would be taken for an echo of the first.
    first.child.kill("SIGINT");
    const run = await first.ended;
    expect([run.code, run.stderr.match(/ handed over: /g)?.length]).toEqual([0, 3]);
    const next = await cluster.run(["worker", "--concurrency", "3", "--until-empty"]);
    expect([next.code, next.stderr.match(/ taken over: /g)?.length]).toEqual([0, 3]);
    await expectWhole(cluster, ids);
  });
});

test.concurrent("nothing is claimed while the cluster is away; what runs and what waits goes on after it", async () => {
  await using cluster = await createClusterSandbox();
  const kubeconfig = parse(await readFile(process.env["KERUTA_TEST_KUBECONFIG"] ?? "", "utf8")) as {
    clusters: { cluster: { server: string } }[];
  };
  const server = new URL(kubeconfig.clusters[0]?.cluster.server ?? "");
  await using proxy = await startSwitchedProxy(server);
  const url = `https://127.0.0.1:${String(proxy.port)}`;
  const KUBECONFIG = await cluster.file("proxied", await kubeconfigFor({ server: url }));
  const [long = ""] = await add(cluster, ["echo one; sleep 4; echo two"]);
  const worker = cluster.start(["worker", "--concurrency", "2"], { env: { KUBECONFIG } });
  const words = listen(worker.child);
  await eventually(async () =>
    (await show(cluster, long)).attempts[0]?.phase === "Running" ? true : undefined,
  );
  proxy.cut();
  // An answer of the cluster counts for five seconds.
  await new Promise((resolve) => setTimeout(resolve, 6000));
  const [next = ""] = await add(cluster, ["echo next"]);
  await says(words, "the cluster is away");
  expect((await show(cluster, next)).status).toBe("PENDING");
  proxy.connect();
  for (const id of [long, next]) await says(words, `${id} COMPLETED`);
  expect(words().match(/the cluster is (away|back)/g)).toEqual([
    "the cluster is away",
    "the cluster is back",
  ]);
  expect(await linesOf(cluster, long)).toEqual(["one", "two"]);
  expect((await terminated(worker)).code).toBe(0);
});

test.concurrent("a task that no Job can be made of ends, and the next one runs", async () => {
  await using cluster = await createClusterSandbox();
  const [poison = ""] = await add(cluster, ["true"], {});
  const [good = ""] = await add(cluster, ["true"]);
  const run = await cluster.run(["worker", "--until-empty"]);
  expect(run.code).toBe(0);
  expect((await show(cluster, poison)).attempts).toMatchObject([
    { reason: "SubmitFailed", category: "task-definition" },
  ]);
  expect((await show(cluster, good)).status).toBe("COMPLETED");
});
