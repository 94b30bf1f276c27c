import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runFiles } from "@keruta/shared/domain";
import { createProcessTable } from "@keruta/shared/queue";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalRunnerDeps } from "./deps.ts";
import { endLeftoverOf } from "./leftover.ts";
import { runDirectory, type RunDirectory } from "./run-directory.ts";

const processes = createProcessTable({ platform: process.platform, pid: process.pid });
const deps = {
  processes,
  settings: { stopGrace: 300 },
  signalGroup,
  timers: { after: (milliseconds: number, act: () => void) => void setTimeout(act, milliseconds) },
  clock: Date.now,
} as unknown as LocalRunnerDeps;

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // None of them is left.
  }
}

let root: string;
let run: RunDirectory;
let leader: ChildProcess;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "keruta-leftover-"));
  run = runDirectory(root);
  await mkdir(run.agent);
  // Its agent is gone.
  await writeFile(
    join(run.agent, runFiles.start),
    JSON.stringify({ role: "agent", pid: 2 ** 30, startTime: "1" }),
  );
});
afterEach(async () => {
  signalGroup(leader.pid ?? 0, "SIGKILL");
  await rm(root, { recursive: true });
});

/** A command whose leader has ended; gives whether its child, a script, still runs. */
async function leaveChild(script: string, artifacts: string): Promise<() => boolean> {
  leader = spawn("sh", ["-c", 'sh -c "$0" & read end', `echo $$; ${script}`], {
    detached: true,
    env: { PATH: process.env["PATH"], KERUTA_ARTIFACTS: artifacts },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const pid = leader.pid ?? 0;
  const [said] = leader.stdout ? ((await once(leader.stdout, "data")) as [Buffer]) : [];
  const child = Number(said?.toString());
  const startTime = processes.startTimeOf(pid);
  await writeFile(run.command, JSON.stringify({ pid, startTime }));
  leader.stdin?.end("\n");
  await once(leader, "exit");
  const runs = () => processes.startTimeOf(child) !== undefined;
  expect(runs()).toBe(true);
  return runs;
}

test.runIf(process.platform === "linux").each([
  ["", "exec sleep 60"],
  [", deaf to SIGTERM", "trap '' TERM; while :; do sleep 60; done"],
])("what a command left whose leader is gone is ended with it%s", async (_, script) => {
  const runs = await leaveChild(script, run.artifacts);
  await endLeftoverOf(deps, run);
  expect(runs()).toBe(false);
});

test("a group that may be another's by now is left alone", async () => {
  const runs = await leaveChild("exec sleep 60", join(root, "another/artifacts"));
  await endLeftoverOf(deps, run);
  expect(runs()).toBe(true);
});
