import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { unresolvedExitCode } from "@keruta/shared/domain";
import { agentArgv } from "../run/agent.fixture.ts";

function resolve(...names: string[]) {
  const [program, ...before] = agentArgv(process.execPath);
  const { status, stdout, stderr } = spawnSync(program, [...before, "resolve", ...names]);
  return { code: status, stdout: stdout.toString(), stderr: stderr.toString() };
}

test("a name that resolves is told with its addresses", () => {
  expect(resolve("localhost")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^(127\.0\.0\.1|::1)$/m),
  });
});

test("one that does not has an exit code of its own, and the reason on stderr", () => {
  // RFC 2606: there is never such a name.
  const { code, stdout, stderr } = resolve("keruta.invalid");
  expect([code, stdout]).toEqual([unresolvedExitCode, ""]);
  expect(stderr).toMatch(/^keruta-agent: keruta\.invalid does not resolve: E[A-Z_]+\n$/);
});

test.each([[[]], [["a", "b"]], [["--all", "a"]]])("arguments %j are a mistake of the caller's", (names) => {
  expect(resolve(...names).code).toBe(2);
});
