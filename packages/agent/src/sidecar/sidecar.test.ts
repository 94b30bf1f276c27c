import { mkdir, readFile, utimes, watch, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBench, type AgentRun, type Bench, type StartedAgent } from "../run/agent.fixture.ts";

let bench: Bench;
let artifacts: string;
beforeEach(async () => {
  bench = await openBench(process);
  artifacts = join(bench.runDirectory, "artifacts");
  await mkdir(artifacts, { recursive: true });
});
afterEach(() => bench.close());

/** A sidecar that listens. */
async function startSidecar(...options: string[]): Promise<StartedAgent> {
  const args = [
    "--run-dir",
    bench.runDirectory,
    "--workspace",
    bench.directory,
    "--artifacts-dir",
    artifacts,
  ];
  const events = watch(bench.runDirectory);
  const started = bench.start({ subcommand: ["sidecar", ...args, ...options] });
  for await (const { filename } of events) if (filename === "sidecar.sock") break;
  return started;
}

const acknowledge = (): Promise<AgentRun> =>
  bench.run({ subcommand: ["acknowledge", "--run-dir", bench.runDirectory] });

const inRun = (name: string, text: string): Promise<void> => writeFile(join(bench.runDirectory, name), text);

/** What the kubelet does when the main container has ended. */
async function endMain(started: StartedAgent): Promise<AgentRun> {
  started.child.kill("SIGTERM");
  return await started.done;
}

test("it ends at once after a command without artifacts whose log is short", async () => {
  await bench.run({ sh: "echo short" });
  const run = await endMain(await startSidecar());
  expect([run.code, run.wire.toString(), run.stderr]).toEqual([0, "", ""]);
});

test("it ends at once where the main container was never started, whatever would have been collected", async () => {
  const run = await endMain(await startSidecar("--artifact", "out/**"));
  expect([run.code, run.wire.toString()]).toEqual([0, ""]);
});

test("before the main container's end an acknowledgement ends nothing, after it at once", async () => {
  await bench.run({ sh: `echo x > ${artifacts}/report` });
  const started = await startSidecar();
  const heard = await acknowledge();
  expect([heard.code, heard.stderr, started.child.exitCode]).toEqual([0, "", null]);
  const run = await endMain(started);
  expect([run.code, run.wire.toString()]).toEqual([0, ""]);
});

test.each<[why: string, said: string, options: string[], prepare: () => Promise<unknown>]>([
  ["a pattern", "artifacts", ["--artifact", "out/**"], () => bench.run({ sh: "true" })],
  ["files for collection", "artifacts", [], () => bench.run({ sh: `echo x > ${artifacts}/report` })],
  ["named artifacts", "artifacts", [], () => bench.run({ sh: "echo ::keruta:artifact x" })],
  ["a pattern without an agent", "artifacts", ["--unwrapped", "--artifact", "x"], async () => undefined],
  // 41,943 empty lines and `started`, each with a frame of 24 bytes: the first line that is too much.
  ["a long log", "a log of 1048599 bytes", [], () => bench.run({ sh: "yes '' | head -n 41943" })],
  [
    "a log whose end was told late",
    "a log of 54 bytes, whose end was told late",
    [],
    async () => {
      await bench.run({ sh: "echo short" });
      const longAgo = Date.now() / 1000 - 4;
      await utimes(join(bench.runDirectory, "result.json"), longAgo, longAgo);
    },
  ],
  ["a killed agent", "what the agent left", [], () => inRun("start.json", "{}")],
  [
    "a forged report",
    "what the agent left",
    [],
    () => inRun("start.json", "{}").then(() => inRun("result.json", "[1]")),
  ],
  [
    "a report that is forged in part",
    "what the agent left",
    [],
    async () => {
      await bench.run({ sh: "true" });
      const report = JSON.parse(await readFile(join(bench.runDirectory, "result.json"), "utf8")) as object;
      await inRun("result.json", JSON.stringify({ ...report, signal: {} }));
    },
  ],
])("it stays for %s until a driver has acknowledged", async (_, said, options, prepare) => {
  await prepare();
  const started = await startSidecar(...options);
  started.child.kill("SIGTERM");
  await started.saw(`Waiting for a driver to fetch ${said}`);
  expect((await acknowledge()).code).toBe(0);
  const run = await started.done;
  expect([run.code, run.wire.toString()]).toEqual([0, expect.stringMatching(/^Waiting [^\n]*\.\n$/)]);
});

test("it gives up when the grace has passed, and says so", async () => {
  await bench.run({ sh: "true" });
  const run = await endMain(await startSidecar("--artifact", "out/**", "--grace", "300ms"));
  expect([run.code, run.wire.toString()]).toEqual([0, expect.stringContaining("acknowledged within 300ms")]);
});

test("an acknowledgement outlives a restart of the sidecar", async () => {
  await bench.run({ sh: `echo x > ${artifacts}/report` });
  expect((await acknowledge()).code).toBe(0);
  const run = await endMain(await startSidecar());
  expect([run.code, run.wire.toString()]).toEqual([0, ""]);
});

test("without a run directory neither side pretends to work", async () => {
  const gone = ["--run-dir", join(bench.directory, "gone")];
  for (const subcommand of ["sidecar", "acknowledge"]) {
    const run = await bench.run({ subcommand: [subcommand, ...gone] });
    expect([subcommand, run.code, run.stderr]).toEqual([subcommand, 1, expect.stringContaining("gone")]);
  }
});
