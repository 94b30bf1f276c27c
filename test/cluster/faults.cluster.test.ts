import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { eventually, logRecords, namesOf, nothingRuns, says, show, submit } from "./submitted.ts";

const tools = process.env["KERUTA_TEST_CLUSTER"];
const execute = promisify(execFile);
const tool = (name: string, ...args: string[]) => execute(join(tools ?? "", name), args);

/** `up` gives up where a component needs longer than usual; what it has started stays. */
async function up(): Promise<void> {
  await tool("up").catch(() => tool("up"));
}

// These stop parts of the cluster that all other tests run on: alone, and one after the other.
describe.runIf(tools !== undefined)("a running task outlives", { timeout: 150_000 }, () => {
  let cluster: ClusterSandbox;
  beforeAll(async () => {
    await up();
    cluster = await createClusterSandbox();
  }, 120_000);
  afterEach(up, 120_000);
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  /** A line every 100 ms, so that some are written before, while and after. */
  const script = (seconds: number) =>
    `i=0; while [ $i -lt ${String(seconds * 10)} ]; do i=$((i+1)); echo line $i; sleep 0.1; done; exit 23`;
  const said = (seconds: number) =>
    Array.from({ length: seconds * 10 }, (_, index) => `line ${String(index + 1)}\n`).join("");

  const expectTrueEnd = async (id: string, seconds: number) => {
    const { status, attempts } = await show(cluster, id);
    expect(status).toBe("FAILED");
    expect(attempts).toMatchObject([{ reason: "Error", exitCode: 23, log: { complete: true } }]);
    expect((await cluster.run(["logs", id])).stdout.toString()).toBe(said(seconds));
    const records = await logRecords(cluster, id);
    expect(records.filter(({ control }) => control?.type === "started").length).toBe(1);
    expect(await namesOf(cluster, "jobs", id)).toEqual([`keruta-${id}-1`]);
    await nothingRuns(cluster, id);
  };

  test("an API server that is away for 20 s", async () => {
    const { child, ended, ...submitted } = await submit(cluster, { command: ["sh", "-c", script(30)] });
    await says(child, "line 10\n");
    await tool("crash", "kube-apiserver");
    // How long it is away is what is tested.
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    await up();
    const run = await ended;
    expect([run.code, run.stdout.toString()]).toEqual([23, said(30)]);
    expect(run.stderr).toMatch(/the cluster does not answer[^]*the cluster answers again/);
    await expectTrueEnd(await submitted.id(), 30);
  });

  test.each(["kube-apiserver", "containerd"])(
    "a %s that is away while the command ends, and its driver's death then",
    async (component) => {
      const { child, ended, ...submitted } = await submit(cluster, { command: ["sh", "-c", script(5)] });
      await says(child, "line 10\n");
      await tool("crash", component);
      child.kill("SIGKILL");
      await ended;
      const id = await submitted.id();
      const attached = cluster.start(["attach", id]);
      await new Promise((resolve) => setTimeout(resolve, 8000));
      await up();
      const run = await attached.ended;
      expect([run.code, run.stdout.toString()]).toEqual([23, said(5)]);
      await expectTrueEnd(id, 5);
    },
  );

  test.each(["kubelet", "containerd"])("a restart of %s", async (component) => {
    const { child, ended, ...submitted } = await submit(cluster, { command: ["sh", "-c", script(20)] });
    await says(child, "line 10\n");
    await tool("crash", component);
    await up();
    await eventually(async () => (await cluster.kubectl("get", "--raw", "/readyz")) === "ok" || undefined);
    const run = await ended;
    expect([run.code, run.stdout.toString()]).toEqual([23, said(20)]);
    await expectTrueEnd(await submitted.id(), 20);
  });
});
