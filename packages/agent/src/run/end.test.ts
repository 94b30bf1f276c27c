import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runFiles } from "@keruta/shared/domain";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBench, processesOf, type Bench } from "./agent.fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench(process);
});
afterEach(() => bench.close());

describe("the agent's exit code", () => {
  test.each([0, 1, 2, 7, 42, 123, 200, 255])("is the command's: %d", async (code) => {
    const run = await bench.run({ sh: `exit ${String(code)}` });
    expect(run.code).toBe(code);
    expect(run.report).toMatchObject({
      exitCode: code,
      signal: null,
      startError: null,
      timedOut: false,
      stopped: null,
    });
  });

  test.each([
    ["SEGV", 139],
    ["KILL", 137],
    ["TERM", 143],
  ])("is 128 and the signal's number: %s", async (signal, code) => {
    const run = await bench.run({ sh: `kill -${signal} $$` });
    expect(run.code).toBe(code);
    expect(run.report).toMatchObject({ exitCode: null, signal: `SIG${signal}`, stopped: null });
  });

  test("is 127 where the command is not found, with the reason", async () => {
    const run = await bench.run({ command: ["no-such-command"] });
    expect(run.code).toBe(127);
    expect(run.report).toMatchObject({ exitCode: null, startError: "not-found" });
    expect(run.report?.message).toMatch(/^The command "no-such-command" was not found in PATH/);
  });

  test("is 127 where the interpreter of a script is not found", async () => {
    await writeFile(join(bench.directory, "script"), "#!/no/such/interpreter\n", { mode: 0o755 });
    const run = await bench.run({ command: ["./script"] });
    expect(run.code).toBe(127);
    expect(run.report?.message).toContain("interpreter");
  });

  test.each([
    ["a file without the right to execute", "#!/bin/sh\n", 0o644, "EACCES"],
    ["a script without #!", "echo hi\n", 0o755, "ENOEXEC"],
    ["an empty file", "", 0o755, "ENOEXEC"],
    [
      "a binary of another machine",
      `\u007fELF\u0002\u0001\u0001${"\0".repeat(9)}\u0002\0\u0016\0`,
      0o755,
      "ENOEXEC",
    ],
  ])("is 126 for %s", async (_, content, mode, reason) => {
    const file = join(bench.directory, "program");
    await writeFile(file, content, "latin1");
    await chmod(file, mode);
    const run = await bench.run({ command: ["./program"] });
    expect(run.code).toBe(126);
    expect(run.report).toMatchObject({ startError: "not-executable" });
    expect(run.report?.message).toContain(reason);
  });

  test("is 126 for a directory", async () => {
    await mkdir(join(bench.directory, "program"));
    const run = await bench.run({ command: ["./program"] });
    expect([run.code, run.report?.startError]).toEqual([126, "not-executable"]);
  });

  test("is 125 where the working directory is missing, with a sentence", async () => {
    const run = await bench.run({ args: ["--workspace", "/no/such/place"], command: ["true"] });
    expect(run.code).toBe(125);
    expect(run.report).toMatchObject({ startError: "failed" });
    expect(run.report?.message).toBe(
      "The working directory /no/such/place is not there or is not a directory.",
    );
  });

  test("is 125, with the system's reason, where a script cannot be put down", async () => {
    await mkdir(join(bench.runDirectory, runFiles.script), { recursive: true });
    const taskFile = join(bench.directory, "task.json");
    await writeFile(taskFile, JSON.stringify({ spec: { script: "echo ran" } }));
    const run = await bench.run({ env: { KERUTA_TASK_FILE: taskFile } });
    expect([run.code, run.stderr, run.text("stdout").length]).toEqual([125, "", 0]);
    expect(run.report).toMatchObject({ exitCode: null, startError: "failed" });
    expect(run.report?.message).toMatch(/^The command cannot be started: EISDIR: .*script'\.$/);
  });

  test("is the command's, whatever it made of the agent's files", async () => {
    const artifacts = join(bench.directory, "artifacts");
    await mkdir(artifacts);
    const run = await bench.run({
      args: ["--artifacts-dir", artifacts],
      sh: `cd ${bench.directory}; rmdir artifacts; echo > artifacts; printf '{\n7\n"/\\u0000"\n' > run/artifacts.list; exit 6`,
    });
    expect([run.code, run.stderr, run.report?.exitCode]).toEqual([6, "", 6]);
    expect(run.report).toMatchObject({
      leavesArtifacts: true,
      message: "It is not known whether there are artifacts (ENOTDIR).",
    });
  });

  test("is 125 for a wrong option, in one line and its hint", async () => {
    const run = await bench.run({ args: ["--timeout", "soon"], command: ["true"] });
    expect(run.code).toBe(125);
    expect(run.stderr).toMatch(/^keruta-agent: --timeout cannot be "soon".*\nkeruta-agent: .*\n$/);
  });
});

describe("the command", () => {
  test("gets its arguments as they are, an empty standard input, and the directory's launcher last in PATH", async () => {
    const words = ["$(id)", "a b", "", "*", "日本"];
    const script =
      'const { argv, env } = process; console.log(JSON.stringify([argv.slice(1), env.PATH.split(":").at(-1)]))';
    const run = await bench.run({
      args: ["--bin-dir", "/keruta/bin"],
      command: [
        process.execPath,
        "-e",
        `require("fs").readFileSync(0, "utf8") === "" && (() => { ${script} })()`,
        ...words,
      ],
    });
    expect(JSON.parse(run.text("stdout").toString())).toEqual([words, "/keruta/bin"]);
  });

  test("comes from the task file where none is given, a script of any length included", async () => {
    const script = `x=1\n${"# filler\n".repeat(30_000)}echo "script $x"\nfalse\necho never\n`;
    const taskFile = join(bench.directory, "task.json");
    await writeFile(taskFile, JSON.stringify({ spec: { script } }));
    const run = await bench.run({ env: { KERUTA_TASK_FILE: taskFile } });
    expect([run.code, run.text("stdout").toString()]).toEqual([1, "script 1\n"]);
  });

  test("can open /dev/stdout and /dev/stderr, as scripts do", async () => {
    const run = await bench.run({ sh: "echo out > /dev/stdout; echo err > /dev/stderr" });
    expect([run.text("stdout").toString(), run.text("stderr").toString()]).toEqual(["out\n", "err\n"]);
  });

  test("is never started twice in one run directory, and the second agent's last words say so", async () => {
    expect((await bench.run({ sh: "echo ran >> ran" })).code).toBe(0);
    const file = join(bench.directory, "termination");
    await writeFile(file, "");
    const second = await bench.run({ args: ["--termination-message", file], sh: "echo ran >> ran" });
    expect(second.code).toBe(125);
    expect(second.stderr).toContain("was started before");
    expect(await readFile(file, "utf8")).toMatch(
      /^This attempt was started before: .*start\.json is there\.$/,
    );
    expect(await readFile(join(bench.directory, "ran"), "utf8")).toBe("ran\n");
  });

  test("ends for the agent at its exit, though a grandchild keeps the pipes, which is ended too", async () => {
    const started = performance.now();
    const run = await bench.run({ sh: "sleep 30 & echo hi" });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(run.text("stdout").toString()).toBe("hi\n");
    expect(await processesOf(bench.directory)).toEqual([]);
  });

  test("leaves nothing behind of fifty children, some deaf to SIGTERM, some in groups of their own", async () => {
    const sh = `for i in $(seq 25); do sleep 60 & done; for i in $(seq 5); do (trap "" TERM; while :; do sleep 60; done) & done
      bash -c 'set -m; for i in $(seq 20); do sleep 60 & done; echo grouped'`;
    const run = await bench.run({ sh });
    expect(run.text("stdout").toString()).toBe("grouped\n");
    expect(await processesOf(bench.directory)).toEqual([]);
  });

  test("is named in the run directory while it runs", async () => {
    const agent = bench.start({ sh: "echo $$; exec sleep 60", driver: {} });
    await agent.saw("started");
    const { pid } = JSON.parse(await readFile(join(bench.runDirectory, runFiles.command), "utf8")) as {
      pid: number;
    };
    expect(pid).toBeGreaterThan(0);
    agent.control.write('{"type":"stop","why":"cancel"}\n');
    await agent.done;
    await expect(readFile(join(bench.runDirectory, runFiles.command))).rejects.toThrow("ENOENT");
  });

  test("writes its report to the termination message as well, within 2 KiB", async () => {
    const file = join(bench.directory, "termination");
    await bench.run({ args: ["--termination-message", file], command: ["x".repeat(3_000)] });
    const text = await readFile(file, "utf8");
    expect(text).toBe(await readFile(join(bench.runDirectory, runFiles.result), "utf8"));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2_048);
  });
});
