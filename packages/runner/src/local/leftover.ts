import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, runFiles, type AgentStart, type CommandProcess } from "@keruta/shared/domain";
import type { ProcessTable } from "@keruta/shared/queue";
import type { LocalRunnerDeps } from "./deps.ts";
import { holdsOwnSession } from "./own-session.ts";
import { readCommandProcess } from "./read-report.ts";
import type { RunDirectory } from "./run-directory.ts";

interface LeftoverOptions {
  readonly run: RunDirectory;
  readonly processes: ProcessTable;
  readonly stopGrace: number;
  readonly signalGroup: (pid: number, signal: "SIGTERM" | "SIGKILL") => void;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly clock: () => number;
}

/** Of the attempt that lies there. */
export function endLeftoverOf(deps: LocalRunnerDeps, run: RunDirectory): Promise<void> {
  return endLeftover({
    run,
    processes: deps.processes,
    stopGrace: deps.settings.stopGrace,
    signalGroup: deps.signalGroup,
    wait: (milliseconds) => new Promise((resolve) => void deps.timers.after(milliseconds, resolve)),
    clock: deps.clock,
  });
}

/** How often a process that is not our child is looked at: the system has no event for its end. */
const lookInterval = 50;
/** Beyond the stop's grace: for the agent to drain, write its result and end. */
const agentMargin = 10_000;

/**
 * Makes sure that nothing of an attempt whose driver or agent died runs any more, and nothing of it can start: first the agent
 * is left to stop the command by itself, as it does when its driver dies; then what still lives is ended.
 */
async function endLeftover(options: LeftoverOptions): Promise<void> {
  const { run, processes, stopGrace, signalGroup } = options;
  const lives = ({ pid, startTime }: CommandProcess) => processes.startTimeOf(pid) === startTime;
  const agent = await takeStart(run, processes);
  if (agent && !(await gone(options, async () => lives(agent), stopGrace + agentMargin)))
    signalGroup(agent.pid, "SIGKILL");

  const command = await readCommandProcess(run.command);
  if (!command) return;
  // An agent that was killed while it ended the command's group leaves children whose leader is gone.
  const isLeft = async () =>
    lives(command) || (await holdsOwnSession(command.pid, `KERUTA_ARTIFACTS=${run.artifacts}`));
  if (!(await isLeft())) return;
  signalGroup(command.pid, "SIGTERM");
  if (await gone(options, isLeft, stopGrace)) return;
  signalGroup(command.pid, "SIGKILL");
  await gone(options, isLeft, stopGrace);
}

/** The agent that started, or undefined where none had: then none can any more, since the start is taken. */
async function takeStart(run: RunDirectory, processes: ProcessTable): Promise<AgentStart | undefined> {
  const path = join(run.agent, runFiles.start);
  const { pid, startTime } = processes.self;
  const aside = `${path}.${String(pid)}`;
  try {
    await writeFile(aside, JSON.stringify({ role: "driver", pid, startTime } satisfies AgentStart), {
      mode: 0o600,
    });
    await link(aside, path);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    // No directory: the driver died before it made one, so no agent can start in it.
    if (code === "ENOENT") return undefined;
    if (code !== "EEXIST") throw error;
  } finally {
    await rm(aside, { force: true });
  }
  const start = JSON.parse(await readFile(path, "utf8")) as AgentStart;
  return start.role === "agent" ? start : undefined;
}

async function gone(
  options: LeftoverOptions,
  isThere: () => Promise<boolean>,
  within: number,
): Promise<boolean> {
  const deadline = options.clock() + within;
  while (await isThere()) {
    if (options.clock() >= deadline) return false;
    await options.wait(lookInterval);
  }
  return true;
}
