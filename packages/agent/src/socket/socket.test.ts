import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { agentArgv, openBench, type Bench } from "../run/agent.fixture.ts";

const tell = agentArgv(process.execPath)
  .map((word) => `'${word}'`)
  .join(" ");

let bench: Bench;
beforeEach(async () => {
  bench = await openBench(process);
});
afterEach(() => bench.close());

test("a command tells by words what control lines tell, artifacts by its own directory", async () => {
  mkdirSync(join(bench.directory, "sub"));
  const run = await bench.run({
    args: ["--mask-env", "TOKEN"],
    env: { TOKEN: "hide-me" },
    sh: `set -e; cd sub; ${tell} progress 55 half way; ${tell} artifact report.html; ${tell} log warn token hide-me; ${tell} output url 'https://x/?a=b c'`,
  });
  expect([run.code, run.text("stderr").toString()]).toEqual([0, ""]);
  expect(run.controls.slice(1)).toEqual([
    { type: "progress", percent: 55, message: "half way" },
    { type: "artifact", path: join(bench.directory, "sub/report.html") },
    { type: "log", level: "WARN", message: "token ***" },
    { type: "output", name: "url", value: "https://x/?a=b c" },
  ]);
});

test("a run directory whose path is too long for a socket does not matter", async () => {
  const long = join(bench.directory, "d".repeat(120));
  const run = await bench.run({ args: ["--run-dir", long], sh: `${tell} progress 1` });
  expect([run.code, run.controls.at(-1)?.type]).toEqual([0, "progress"]);
});

test("wrong words are refused with the right ones, and nothing is told", async () => {
  const run = await bench.run({
    sh: `${tell} progress lots; echo $?; ${tell} output 1x y; echo $?; ${tell} artifact; echo $?`,
  });
  expect(run.text("stdout").toString()).toBe("2\n2\n2\n");
  expect(run.text("stderr").toString()).toContain("progress PERCENT [MESSAGE], PERCENT from 0 to 100");
  expect(run.controls.map(({ type }) => type)).toEqual(["started"]);
});

test("outside a task the error says so, in the user's language", async () => {
  const english = await bench.run({ subcommand: ["progress", "1"] });
  expect([english.code, english.stderr]).toEqual([1, expect.stringContaining("works only inside a task")]);
  const japanese = await bench.run({ subcommand: ["progress", "1"], env: { LANG: "ja_JP.UTF-8" } });
  expect(japanese.stderr).toContain("タスクの中でだけ使えます");
});

test("a socket without an agent is an error that says so", async () => {
  const run = await bench.run({
    subcommand: ["progress", "1"],
    env: { KERUTA_AGENT_SOCKET: join(bench.directory, "none.sock") },
  });
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining("ENOENT")]);
});
