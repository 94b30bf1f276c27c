import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBench, processesOf, type Bench } from "./agent.fixture.ts";

const deaf = 'trap "" TERM; echo ready; while :; do sleep 1; done';
const polite = 'trap "echo bye; exit 9" TERM; echo ready; while :; do sleep 0.05; done';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench(process);
});
afterEach(() => bench.close());

describe("the driver's stop", () => {
  test("sends SIGTERM, and the command's own end counts", async () => {
    const agent = bench.start({ sh: polite, driver: {} });
    await agent.saw("ready");
    agent.control.write('{"type":"stop","why":"cancel"}\n');
    const run = await agent.done;
    expect(run.code).toBe(9);
    expect(run.report).toMatchObject({ exitCode: 9, stopped: "cancel", timedOut: false });
    expect(run.text("stdout").toString()).toBe("ready\nbye\n");
  });

  test("kills after the grace", async () => {
    const agent = bench.start({ args: ["--grace", "300ms"], sh: deaf, driver: {} });
    await agent.saw("ready");
    agent.control.write('{"type":"stop","why":"cancel"}\n');
    const run = await agent.done;
    expect(run.code).toBe(137);
    expect(run.report).toMatchObject({ exitCode: null, signal: "SIGKILL", stopped: "cancel" });
    expect(await processesOf(bench.directory)).toEqual([]);
  });

  test("keeps a command from starting that came with it", async () => {
    const agent = bench.start({ sh: "echo ran", driver: {} });
    agent.control.write('{"type":"stop","why":"cancel"}\n');
    const run = await agent.done;
    expect(run.report?.stopped).toBe("cancel");
    expect(run.code).not.toBe(0);
  });

  test("is its own end: a channel that closes stops the command", async () => {
    const agent = bench.start({ args: ["--grace", "300ms"], sh: `${deaf} & ${deaf}`, driver: {} });
    await agent.saw("ready");
    agent.control.end();
    const run = await agent.done;
    expect(run.report?.stopped).toBe("driver-lost");
    expect(await processesOf(bench.directory)).toEqual([]);
  });

  test("before its first word starts nothing", async () => {
    const agent = bench.start({ args: ["--control-fd", "3"], sh: "echo ran" });
    agent.control.end();
    const run = await agent.done;
    expect(run.report).toMatchObject({ stopped: "driver-lost", exitCode: null });
    expect(run.code).toBe(125);
  });
});

describe("the control channel", () => {
  test("carries the whole environment, and none of the agent's own", async () => {
    const agent = bench.start({
      sh: 'env | cut -d= -f1 | grep -v -e "^_$" -e PWD -e SHLVL -e OLDPWD | sort | tr "\\n" " "; printf %s "$WIDE"',
      env: { ONLY_THE_AGENTS: "1" },
      driver: { WIDE: "日本語\t=2", NODE_OPTIONS: "--no-such-option" },
    });
    const run = await agent.done;
    const names = ["KERUTA_AGENT_SOCKET", "KERUTA_TEST", "NODE_OPTIONS", "PATH", "WIDE"];
    expect(run.text("stdout").toString()).toBe(`${names.join(" ")} 日本語\t=2`);
    expect([run.code, run.stderr]).toEqual([0, ""]);
  });

  test("that brings something else ends the agent with 125 before anything runs", async () => {
    const agent = bench.start({ args: ["--control-fd", "3"], sh: "echo ran" });
    agent.control.write("hello\n");
    const run = await agent.done;
    expect([run.code, run.report]).toEqual([125, null]);
    expect(run.stderr).toContain("no message");
  });
});

describe("a timeout", () => {
  test("stops the command, and is told from other ends", async () => {
    const run = await bench.run({ args: ["--timeout", "300ms"], sh: polite });
    expect(run.code).toBe(124);
    expect(run.report).toMatchObject({ timedOut: true, exitCode: 9, stopped: null });
  });

  test("kills what does not listen", async () => {
    const run = await bench.run({ args: ["--timeout", "300ms", "--grace", "200ms"], sh: deaf });
    expect([run.code, run.report?.signal, run.report?.timedOut]).toEqual([124, "SIGKILL", true]);
  });

  test("does not touch a command that ends in time", async () => {
    const run = await bench.run({ args: ["--timeout", "20s"], sh: "exit 5" });
    expect([run.code, run.report?.timedOut]).toEqual([5, false]);
  });

  test("fires while nobody reads the agent's output", async () => {
    const agent = bench.start({ args: ["--timeout", "500ms", "--grace", "100ms"], sh: "yes" });
    agent.child.stdout?.pause();
    const ended = async () => (await readFile(join(bench.runDirectory, "result.json"), "utf8")).length > 0;
    await expect
      .poll(() => processesOf(bench.directory).then(({ length }) => length), { timeout: 8_000 })
      .toBe(1);
    agent.child.stdout?.resume();
    const run = await agent.done;
    expect([run.code, await ended()]).toEqual([124, true]);
  });
});

describe("a signal to the agent", () => {
  test.each(["SIGINT", "SIGHUP", "SIGUSR1"] as const)("is passed on: %s", async (signal) => {
    const name = signal.slice(3);
    const agent = bench.start({
      sh: `trap "echo got ${name}; exit 4" ${name}; echo ready; while :; do sleep 0.05; done`,
    });
    await agent.saw("ready");
    agent.child.kill(signal);
    const run = await agent.done;
    expect([run.code, run.text("stdout").toString()]).toEqual([4, `ready\ngot ${name}\n`]);
    expect(run.report?.stopped).toBe("other-signal");
  });

  test("that asks it to end stops the command, which the report says whatever the command's end", async () => {
    const agent = bench.start({ sh: polite });
    await agent.saw("ready");
    agent.child.kill("SIGTERM");
    const run = await agent.done;
    expect([run.code, run.report?.exitCode, run.report?.stopped]).toEqual([9, 9, "signal"]);
  });

  test("SIGTERM becomes SIGKILL after the grace", async () => {
    const agent = bench.start({ args: ["--grace", "300ms"], sh: deaf });
    await agent.saw("ready");
    agent.child.kill("SIGTERM");
    const run = await agent.done;
    expect([run.code, run.report?.signal]).toEqual([137, "SIGKILL"]);
  });

  test("from a terminal is left to the driver", async () => {
    const agent = bench.start({ sh: "echo ready; sleep 0.5; exit 6", driver: {} });
    await agent.saw("ready");
    agent.child.kill("SIGINT");
    agent.child.kill("SIGHUP");
    expect((await agent.done).code).toBe(6);
  });
});

describe("a killed agent", () => {
  test("leaves the word of which process to end", async () => {
    const agent = bench.start({ sh: "echo ready; exec sleep 60", driver: {} });
    await agent.saw("ready");
    agent.child.kill("SIGKILL");
    await agent.done;
    const { pid, startTime } = JSON.parse(
      await readFile(join(bench.runDirectory, "command.json"), "utf8"),
    ) as {
      pid: number;
      startTime: string;
    };
    expect(startTime).toMatch(/^\d+$/);
    process.kill(-pid, "SIGKILL");
    await expect.poll(() => processesOf(bench.directory)).toEqual([]);
  });
});
