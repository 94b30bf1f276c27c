import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openBench, type Bench } from "../../packages/agent/src/run/agent.fixture.ts";
import { digestOf, type Lease } from "../../packages/shared/src/queue/index.ts";
import { createWorld, newTask, terms, textOf } from "../../packages/shared/src/queue/queue.harness.ts";
import { serve, type Served } from "./served.ts";

let bench: Bench;
let home: string;
let path: string;
beforeEach(async () => {
  bench = await openBench(process);
  home = await mkdtemp(join(tmpdir(), "keruta-served-"));
  path = join(home, "keruta.db");
});
afterEach(async () => {
  await bench.close();
  await rm(home, { recursive: true });
});

interface Prepared {
  readonly lease: Lease;
  readonly id: string;
  readonly token: string;
}

async function prepare({ queue }: Served, spec: object = { command: ["true"] }): Promise<Prepared> {
  const { task } = await queue.addTask(newTask({ spec }));
  const claim = await queue.claim(terms(createWorld().holder(1)));
  if (!claim) throw new Error("nothing to claim");
  return { lease: claim.lease, id: task.id, token: await queue.makeAgentToken(claim.lease) };
}

const flags = (id: string, url: string) => ["--task-id", id, "--api-url", url, "--attempt", "1"];
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${String(from + index)}\n`).join("");
const environment = (token: string) => ({ KERUTA_API_TOKEN: token });

describe("an agent whose server goes away", () => {
  test("tells it everything once it is back; the log is complete and there once", async () => {
    const before = await serve({ path });
    const { id, token } = await prepare(before);
    const { url, port } = before;
    const go = join(bench.directory, "go");
    const sh = `i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo line $i; done
      echo '::keruta:progress 40 half'
      while [ ! -e ${go} ]; do i=$((i+1)); echo line $i; sleep 0.02; done
      echo "token $KERUTA_API_TOKEN" >&2; echo last; exit 7`;
    const agent = bench.start({ args: flags(id, url), sh, env: environment(token) });
    await vi.waitFor(async () => {
      expect((await before.queue.attemptReport(id, 1))?.startedAt).toBeTruthy();
      expect((await before.queue.getTask(id))?.progress.percent).toBe(40);
      expect(await textOf(before.queue, { taskId: id, attempt: 1 })).toContain("line 300\n");
    }, 15_000);
    await before[Symbol.asyncDispose]();
    await new Promise((resolve) => void setTimeout(resolve, 3_000));

    await using after = await serve({ path, port });
    await vi.waitFor(() => expect(after.requests.length).toBeGreaterThan(0), 15_000);
    await writeFile(go, "");
    const run = await agent.done;
    const { code, stderr, report } = run;
    expect([code, stderr]).toEqual([7, ""]);
    const stored = await textOf(after.queue, { taskId: id, attempt: 1, stream: "stdout" });
    expect(stored).toBe(run.text("stdout").toString());
    expect(stored.startsWith(lines(1, 300))).toBe(true);
    expect(stored.endsWith("last\n")).toBe(true);
    expect(await textOf(after.queue, { taskId: id, attempt: 1, stream: "stderr" })).toBe("token ***\n");
    expect((await after.queue.attemptReport(id, 1))?.result).toEqual(report);
    expect(report).toMatchObject({ exitCode: 7, message: "" });
    const everything = JSON.stringify([before.log, after.log, report, stored]);
    expect(everything).not.toContain(token);
  });

  test("ends with the command's code, late by the wait at most, where the server never comes back", async () => {
    const { id, token, url } = await (async () => {
      await using server = await serve({ path });
      return { ...(await prepare(server)), url: server.url };
    })();
    const start = performance.now();
    const args = [...flags(id, url), "--report-wait", "1s"];
    const { code, stderr, report } = await bench.run({ args, sh: "echo a; exit 5", env: environment(token) });
    expect(code).toBe(5);
    expect(stderr).toContain("Not all was reported to the server: The server at");
    expect(report?.exitCode).toBe(5);
    expect(performance.now() - start).toBeLessThan(8_000);
  });

  test("runs the command though its token is worth nothing, and the result says so", async () => {
    await using server = await serve({ path });
    const { id } = await prepare(server);
    const args = flags(id, server.url);
    const { code, report } = await bench.run({ args, sh: "sleep 1; exit 4", env: environment("krt_wrong") });
    expect([code, report?.message]).toEqual([4, expect.stringContaining("Reports to the server ended: ")]);
    const without = await openBench(process);
    const { code: other, report: said } = await without.run({ args, sh: "exit 4" });
    await without.close();
    expect([other, said?.message]).toEqual([4, expect.stringContaining("there is no KERUTA_API_TOKEN")]);
  });
});

describe("the first version's form", () => {
  test("gets the command from the server, which may come later, and trades the token that all Pods have", async () => {
    const shared = "krt_for-all-the-pods-of-this-namespace";
    const { id, port, url } = await (async () => {
      await using server = await serve({ path });
      const fields = {
        name: "pods",
        role: "agent",
        namespaces: null,
        expiresAt: null,
        attempt: null,
      } as const;
      await server.accounts.addToken({ ...fields, digest: digestOf(shared), createdBy: "test" });
      const spec = { command: ["sh", "-c"], args: ["echo from the server; exit 6"] };
      return { ...(await prepare(server, spec)), url: server.url, port: server.port };
    })();
    const agent = bench.start({
      subcommand: ["run", "--task-id", id, "--run-dir", bench.runDirectory, "--workspace", bench.directory],
      env: { KERUTA_API_URL: url, KERUTA_ATTEMPT: "1", ...environment(shared) },
    });
    await new Promise((resolve) => void setTimeout(resolve, 1_500));
    await using server = await serve({ path, port });
    const { code } = await agent.done;
    expect(code).toBe(6);
    expect(await textOf(server.queue, { taskId: id, attempt: 1 })).toBe("from the server\n");
    expect((await server.queue.attemptReport(id, 1))?.result?.exitCode).toBe(6);
  });
});
