import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { decodeFrames, isFinalSpoolEnd, isSpoolEnd, spoolEnd } from "@keruta/shared/domain";
import { afterEach, beforeEach, expect, test } from "vitest";
import { agentArgv, openBench, type Bench } from "./agent.fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench(process);
});
afterEach(() => bench.close());

const spoolFile = () => join(bench.runDirectory, "spool");

/** A subcommand of the sidecar on the bench's run directory, its stdout as bytes. */
function call(...words: string[]): { code: number | null; stdout: Buffer; stderr: string } {
  const [program, ...before] = agentArgv(process.execPath);
  const [subcommand = "", ...rest] = words;
  const args = [...before, subcommand, "--run-dir", bench.runDirectory, ...rest];
  const { status, stdout, stderr } = spawnSync(program, args, { maxBuffer: 64 << 20 });
  return { code: status, stdout, stderr: stderr.toString() };
}

test("stop ends the command with SIGTERM, its last words are kept, and the report says why", async () => {
  const started = bench.start({ sh: "trap 'echo last words; exit 3' TERM; echo ready; sleep 60 & wait" });
  await started.saw("ready");
  expect(call("stop")).toEqual({ code: 0, stdout: Buffer.from("ok\n"), stderr: "" });
  const run = await started.done;
  expect([run.code, run.report?.stopped, run.text("stdout").toString()]).toEqual([
    3,
    "cancel",
    "ready\nlast words\n",
  ]);
});

test("stop changes nothing after the command's end, to the last moment of its agent", async () => {
  // Takes connections, and never answers.
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const started = bench.start({
    args: ["--api-url", `http://127.0.0.1:${String(port)}`, "--report-wait", "8s"],
    env: { KERUTA_API_TOKEN: "token" },
    sh: "exit 4",
  });
  await expect.poll(() => existsSync(join(bench.runDirectory, "result.json"))).toBe(true);
  expect(call("stop")).toEqual({ code: 0, stdout: Buffer.from("ended\n"), stderr: "" });
  const run = await started.done;
  silent.close();
  expect([run.code, run.report?.exitCode, run.report?.stopped]).toEqual([4, 4, null]);
});

test("stop says so where there is no agent to be asked", async () => {
  await bench.run({ sh: "true" });
  const { code, stdout, stderr } = call("stop");
  expect([code, stdout.length, stderr]).toEqual([1, 0, expect.stringContaining("ENOENT")]);
});

test("the result is there when the command has ended, and not before", async () => {
  expect(call("result")).toMatchObject({ code: 3, stdout: Buffer.alloc(0) });
  const { report } = await bench.run({ sh: "exit 5" });
  const { code, stdout } = call("result");
  expect([code, JSON.parse(stdout.toString())]).toEqual([0, report]);
});

test("the spool comes whole, or from any sequence on, byte by byte as it lies there", async () => {
  // More than two of the pieces that it is read in.
  const run = await bench.run({ sh: "seq 70000; head -c 400000 /dev/zero | base64 -w 0" });
  const whole = readFileSync(spoolFile());
  expect(whole.length).toBeGreaterThan(2 << 20);
  expect(call("spool")).toEqual({ code: 0, stdout: Buffer.concat([whole, spoolEnd]), stderr: "" });
  const last = run.report?.sequence ?? 0;
  for (const from of [1, 31_234, last - 1, last, last + 5]) {
    const { entries } = decodeFrames(call("spool", "--from", String(from)).stdout);
    expect([from, entries.length, entries[0]?.sequence ?? from + 1]).toEqual([
      from,
      Math.max(0, last - from),
      from + 1,
    ]);
  }
});

test("a frame that is still being written is left out", async () => {
  await bench.run({ sh: "echo one; echo two" });
  const { size } = await stat(spoolFile());
  for (const cut of [1, 20, 26]) {
    truncateSync(spoolFile(), size - cut);
    const { code, stdout } = call("spool");
    const { entries, consumed } = decodeFrames(stdout);
    expect([code, entries.length, isSpoolEnd(stdout.subarray(consumed))]).toEqual([0, 2, true]);
  }
});

test("a damaged spool gives what is whole before the damage, and is an error", async () => {
  await bench.run({ sh: "echo one" });
  const whole = readFileSync(spoolFile());
  appendFileSync(spoolFile(), Buffer.alloc(64, 0xff));
  const { code, stdout, stderr } = call("spool");
  expect([code, stdout.equals(whole)]).toEqual([1, true]);
  expect(stderr).toContain(`damaged after byte ${String(whole.length)}`);
});

test("a spool that is full says so while the command goes on", async () => {
  const sh = "trap 'exit 0' TERM; seq 20000; echo ready; sleep 60 & wait";
  const started = bench.start({ args: ["--spool-bytes", "10000"], sh });
  await started.saw("ready");
  const { code, stdout } = call("spool");
  const { consumed } = decodeFrames(stdout);
  expect([code, consumed > 8000, isFinalSpoolEnd(stdout.subarray(consumed))]).toEqual([0, true, true]);
  expect(call("stop").code).toBe(0);
  await started.done;
  expect(call("spool").stdout).toEqual(stdout);
});

test("without a spool there is nothing but the end to print", () => {
  expect(call("spool")).toEqual({ code: 0, stdout: Buffer.from(spoolEnd), stderr: "" });
});

test("a Pod's other containers can read what a run leaves, under any user", async () => {
  await bench.run({ sh: "echo ::keruta:artifact x" });
  for (const name of ["spool", "result.json", "start.json", "artifacts.list"]) {
    const { mode } = await stat(join(bench.runDirectory, name));
    expect([name, mode & 0o777]).toEqual([name, 0o644]);
  }
});
