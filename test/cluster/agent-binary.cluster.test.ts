import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { agentImage } from "../../scripts/images/agent-image.ts";
import { parseArchitecture } from "../../scripts/images/architecture.ts";

// Building needs a compiler, an image builder and Node 26: what a machine with a cluster to test on has.
describe.skipIf(process.env["KERUTA_TEST_KUBECONFIG"] === undefined)("the agent as one binary", () => {
  let agent: string;
  let directory: string;
  let runs = 0;
  beforeAll(async () => {
    const { root } = await agentImage(parseArchitecture(process.arch));
    agent = join(root, "bin/keruta-agent");
  }, 120_000);
  beforeEach(async () => {
    runs = 0;
    directory = await mkdtemp(join(tmpdir(), "keruta-binary-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const runArguments = (sh: string) => {
    runs += 1;
    const runDirectory = join(directory, `run${String(runs)}`);
    return ["run", "--task-id", "t234567abc", "--run-dir", runDirectory, "--", "sh", "-c", sh];
  };
  /** In a process namespace of its own, so that the launcher is process 1; `env` reaches no other program. */
  const asInit = (program: readonly string[], env: readonly string[] = []) => {
    return ["--pid", "--fork", "--mount-proc", "--kill-child", "env", ...env, ...program];
  };
  const runAsInit = (sh: string, env: readonly string[] = []) => {
    const { status, stdout, stderr } = spawnSync("unshare", asInit([agent, ...runArguments(sh)], env));
    return { code: status, lines: stdout.toString().split("\n"), stderr: stderr.toString() };
  };

  test("passes the command's exit code and signal on", () => {
    for (const [sh, code] of [
      ["exit 0", 0],
      ["exit 42", 42],
      ["kill -9 $$", 137],
    ] as const)
      expect([sh, runAsInit(sh).code]).toEqual([sh, code]);
  });

  test.each([
    "LD_PRELOAD=/etc/passwd",
    "LD_LIBRARY_PATH=/nowhere",
    "LD_DEBUG=all",
    "NODE_OPTIONS=--require /nowhere.js",
    "NODE_V8_COVERAGE=/nowhere",
    "OPENSSL_CONF=/etc/passwd",
    "GLIBC_TUNABLES=glibc.malloc.check=9",
    "MALLOC_PERTURB_=1",
    "UV_THREADPOOL_SIZE=x",
  ])("neither heeds %s nor keeps it from the command", (variable) => {
    const [name = ""] = variable.split("=");
    const run = runAsInit(`echo "value: $${name}"; exit 7`, [variable]);
    expect(run.code).toBe(7);
    expect(run.lines).toContain(`value: ${variable.slice(name.length + 1)}`);
    expect(run.stderr).toBe("");
  });

  test("reaps what the command's children leave", () => {
    const orphans = "for i in 1 2 3 4 5; do (sh -c 'exit 0' &); done; sleep 0.5";
    const { lines } = runAsInit(
      `${orphans}; echo "zombies: $(grep -l '^State:.Z' /proc/[0-9]*/status | wc -l)"`,
    );
    expect(lines).toContain("zombies: 0");
  });

  test("gives the command real pipes where the image has no mkfifo", () => {
    const { lines, code } = runAsInit("echo out > /dev/stdout; [ -p /dev/stdout ]", ["PATH=/nowhere:/bin"]);
    expect([code, lines.includes("out")]).toEqual([0, true]);
  });

  test("passes SIGTERM on to the command, whose last words it keeps", async () => {
    const words = "trap 'echo last; exit 3' TERM; echo ready; sleep 60 & wait";
    const child = spawn("unshare", asInit([agent, ...runArguments(words)]), {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const init = output.endsWith("ready\n") ? childOf(child.pid) : undefined;
      if (init !== undefined) process.kill(init, "SIGTERM");
    });
    const [code] = (await once(child, "close")) as [number | null];
    expect([code, output.includes("last\n")]).toEqual([3, true]);
  });

  test("ends with 137 when the agent is killed, and the command with it", () => {
    const { code } = runAsInit("kill -9 $PPID; sleep 60");
    expect(code).toBe(137);
  });

  test("installs itself, and runs from there", async () => {
    const target = join(directory, "target");
    expect(spawnSync(agent, ["install", target]).status).toBe(0);
    const installed = join(target, "bin/keruta-agent");
    expect((await stat(installed)).mode & 0o777).toBe(0o755);
    const { status, stdout } = spawnSync(installed, runArguments("echo hello"));
    expect([status, stdout.toString()]).toEqual([0, expect.stringContaining("hello\n")]);
    expect(JSON.parse(await readFile(join(directory, "run1/result.json"), "utf8"))).toMatchObject({
      exitCode: 0,
    });
  });

  test("is built once", async () => {
    expect((await agentImage(parseArchitecture(process.arch))).isNew).toBe(false);
  });
});

function childOf(pid: number | undefined): number {
  return Number(readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, "utf8").trim());
}
