import { mkdir, readFile, watch, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { taskPieces } from "@keruta/shared/domain";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBench, type AgentRun, type Bench, type StartedAgent } from "../run/agent.fixture.ts";

let bench: Bench;
let target: string;
beforeEach(async () => {
  bench = await openBench(process);
  target = join(bench.directory, "target");
  for (const directory of ["image/bin", "image/lib", "run"])
    await mkdir(join(bench.directory, directory), { recursive: true });
  await writeFile(join(bench.directory, "image/bin/keruta-agent"), "launcher");
  await writeFile(join(bench.directory, "image/lib/keruta-agent"), "agent");
});
afterEach(() => bench.close());

function startSidecar(): StartedAgent {
  const launcher = join(bench.directory, "image/bin/keruta-agent");
  return bench.start({
    subcommand: ["sidecar", "--run-dir", bench.runDirectory, "--install-to", target],
    env: {
      KERUTA_AGENT_LAUNCHER: launcher,
      ...Object.fromEntries(taskPieces(deflateRawSync(`{"id":"k7m2xqaf4t"}`))),
    },
  });
}

async function end(started: StartedAgent): Promise<AgentRun> {
  started.child.kill("SIGTERM");
  return await started.done;
}

test("what its hook has not installed the sidecar installs; what is there stays", async () => {
  await mkdir(join(target, "lib"), { recursive: true });
  await writeFile(join(target, "lib/keruta-agent"), "taken");
  const events = watch(bench.runDirectory);
  const started = startSidecar();
  // The last that an installation makes.
  for await (const { filename } of events) if (filename === "task.json") break;
  const run = await end(started);
  expect([run.code, run.stderr, run.wire.toString()]).toEqual([0, "", ""]);
  expect(await readFile(join(target, "bin/keruta-agent"), "utf8")).toBe("launcher");
  expect(await readFile(join(target, "lib/keruta-agent"), "utf8")).toBe("taken");
  expect(await readFile(join(bench.runDirectory, "task.json"), "utf8")).toBe(`{"id":"k7m2xqaf4t"}`);
});

test("what hinders the installation is said, and ends nothing", async () => {
  await writeFile(target, "a file");
  const started = startSidecar();
  if (started.child.stderr) await once(started.child.stderr, "data");
  const run = await end(started);
  expect([run.code, run.stderr]).toEqual([0, expect.stringContaining(`cannot be installed in ${target} (E`)]);
});
