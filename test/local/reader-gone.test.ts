import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../sandbox.ts";
import { serve } from "./serving.ts";

const main = join(import.meta.dirname, "../../packages/cli/src/main.ts");
const sources = [process.execPath, "--conditions=keruta-source", main];

/** The command with a stream that nobody reads, as behind `| head -1` that has ended. */
async function unread(stream: "stdout" | "stderr", args: readonly string[]) {
  const { child, ended } = sandbox.start(args);
  child[stream]?.destroy();
  return await ended;
}

const submit = ["submit", "--runner", "local"];
const command = ["--", "sh", "-c", "echo ready; echo again >&2; exit 3"];

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox(sources);
  await sandbox.run([...submit, "-q", ...command]);
});
afterAll(() => sandbox[Symbol.asyncDispose]());

describe("a reader that went away ends the printing, and neither the task nor the truth about it", () => {
  test.each([
    ["stderr", []],
    ["stderr", ["-v"]],
    ["stderr", ["-o", "jsonl"]],
    ["stdout", []],
    ["stdout", ["-o", "json"]],
    ["stdout", ["-o", "jsonl"]],
  ] as const)("with nobody at %s, submit %j exits as the command did", async (stream, flags) => {
    expect((await unread(stream, [...submit, ...flags, ...command])).code).toBe(3);
  });

  test.each([
    ["stdout", ["wait", "@last"]],
    ["stdout", ["wait", "@last", "-o", "json"]],
    ["stdout", ["wait", "@last", "-o", "jsonl"]],
    ["stderr", ["wait", "@last"]],
    ["stdout", ["attach", "@last", "-o", "json"]],
    ["stderr", ["attach", "@last"]],
  ] as const)("with nobody at %s, %j exits as the command did", async (stream, line) => {
    const { code, stderr } = await unread(stream, line);
    expect(code).toBe(3);
    expect(stderr).not.toContain("KRT_");
  });

  test("--simple-exit-code is 1 all the same", async () => {
    expect((await unread("stderr", ["attach", "@last", "--simple-exit-code"])).code).toBe(1);
  });

  test("the command of a task whose events nobody reads any more runs to its end", async () => {
    const done = join(sandbox.directory, "done");
    const script = `for i in 1 2 3; do echo $i; sleep 0.2; done; touch ${done}; exit 3`;
    const { code } = await unread("stdout", [...submit, "-o", "jsonl", "--", "sh", "-c", script]);
    expect(code).toBe(3);
    expect(existsSync(done)).toBe(true);
    const { status, attempts } = await sandbox.json(["show", "@last"]);
    expect(status).toBe("FAILED");
    expect(attempts).toMatchObject([{ reason: "Error", exitCode: 3, phase: "Done" }]);
  });

  test("a server whose log nobody reads any more goes on", async () => {
    await using own = await createSandbox(sources);
    const server = await serve(own, "-v");
    server.child.stderr?.destroy();
    for (const _ of [1, 2, 3]) expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await server.stop()).code).toBe(0);
  });

  test.each([[["list"]], [["list", "-o", "name"]], [["settings", "list"]], [["logs", "@last"]]])(
    "%j ends quietly with 0",
    async (line) => {
      expect(await unread("stdout", line)).toMatchObject({ code: 0, stderr: "" });
    },
  );
});
