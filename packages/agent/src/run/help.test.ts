import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { agentArgv } from "./agent.fixture.ts";

function call(...words: string[]) {
  const [program, ...before] = agentArgv(process.execPath);
  const { status, stdout } = spawnSync(program, [...before, ...words]);
  return { code: status, text: stdout.toString() };
}

test("each command that takes options lists them, with what is built in", () => {
  const names = ["run", "collect", "clone", "install", "sidecar", "stop", "spool", "result", "acknowledge"];
  for (const name of names) {
    const { code, text } = call(name, "--help");
    expect([name, code]).toEqual([name, 0]);
    expect(text).toContain(`Usage: keruta-agent ${name}`);
  }
  expect(call("run", "--help").text).toMatch(/--grace DURATION +between SIGTERM and SIGKILL \(default 30s\)/);
});

test("a command's own --help is the command's", () => {
  // Without a task id nothing runs; what matters is that no help is shown.
  expect(call("run", "--", "ls", "--help")).toMatchObject({ code: 125, text: "" });
});
