import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { commandEnds, podOf, says, show, submit, type Submitted } from "./submitted.ts";

let cluster: ClusterSandbox;
beforeAll(async () => {
  cluster = await createClusterSandbox();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const lines = 400_000;
const filler = "x".repeat(70);
const expected = Buffer.from(
  Array.from({ length: lines }, (_, index) => `${String(index + 1)} ${filler} ${String(index + 1)}\n`).join(
    "",
  ),
);
// The kubelet begins another file after 10 MiB: this is several of them, and the API serves the newest two only.
const spec = {
  command: ["awk", `BEGIN { for (i = 1; i <= ${String(lines)}; i++) print i, "${filler}", i }`],
};
/** Bytes; far above what following takes, below a driver that holds the log. The target itself is the bench's. */
const memoryLimit = 256 * 1024 * 1024;

describe.concurrent("400,000 lines through the kubelet's rotation", { timeout: 200_000 }, () => {
  test("come once each, in order, live and from keruta logs", async ({ annotate }) => {
    const submitted = await submit(cluster, spec);
    const peak = watchMemory(submitted);
    const run = await submitted.ended;
    expect(run.code).toBe(0);
    expectSame(run.stdout);
    await expectStored(await submitted.id());
    await annotate(`peak memory of keruta submit: ${String(Math.round((await peak) / 1024 / 1024))} MiB`);
    expect(await peak).toBeLessThan(memoryLimit);
  });

  test(
    "also when the follower is killed at the start and another takes over after the end",
    { tags: ["long"] },
    async () => {
      const submitted = await submit(cluster, spec);
      await says(submitted.child, "\n");
      submitted.child.kill("SIGKILL");
      await submitted.ended;
      const id = await submitted.id();
      await commandEnds(cluster, await podOf(cluster, id));
      const run = await cluster.run(["attach", id]);
      expect(run.code).toBe(0);
      expectSame(run.stdout);
      await expectStored(id);
    },
  );
});

async function expectStored(id: string): Promise<void> {
  const logs = await cluster.run(["logs", id]);
  expectSame(logs.stdout);
  expect(logs.stderr).toBe("");
  const { attempts } = await show(cluster, id);
  expect(attempts).toMatchObject([{ exitCode: 0, log: { bytes: expected.length, complete: true } }]);
}

/** Says the first line that differs: 34 MB in an assertion's message help nobody. */
function expectSame(bytes: Buffer): void {
  const digest = (of: Buffer) => createHash("sha256").update(of).digest("hex");
  if (digest(bytes) === digest(expected)) return;
  const actual = bytes.toString().split("\n");
  const wanted = expected.toString().split("\n");
  const at = wanted.findIndex((line, index) => line !== actual[index]);
  expect({ lines: actual.length, at, line: actual[at] }).toEqual({
    lines: wanted.length,
    at,
    line: wanted[at],
  });
}

/** The most bytes that the process held in memory at once, by its kernel. */
async function watchMemory({ child, ended }: Submitted): Promise<number> {
  let peak = 0;
  const look = async () => {
    const status = await readFile(`/proc/${String(child.pid)}/status`, "utf8").catch(() => "");
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
  };
  const timer = setInterval(() => void look(), 250);
  await ended;
  clearInterval(timer);
  return peak;
}
