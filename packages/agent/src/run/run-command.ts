import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isKerutaError, runFiles } from "@keruta/shared/domain";
import { startTimeOf } from "../command/process-table.ts";
import { startCommand, type RunningCommand } from "../command/start-command.ts";
import { startFailure, type StartFailure } from "../command/start-failure.ts";
import { supervise, type CommandEnd } from "../command/supervise.ts";
import type { Host } from "../host/host.ts";
import { isSystemError } from "../host/system-error.ts";
import { readCommand } from "../output/read-command.ts";
import { createProcessNote } from "../report/process-note.ts";
import type { OpenRun } from "./open-run.ts";
import { taskFileOf } from "./task-file.ts";
import { whatToRun } from "./what-to-run.ts";

const markInterval = 1_000;

export interface EndedCommand {
  readonly end: CommandEnd;
  /** Milliseconds since 1970; of the first start, and the end where there was none. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** Runs the command to its last end, restarts included. */
export async function runCommand(run: OpenRun, host: Host): Promise<EndedCommand> {
  const { options, runDirectory, journal, stop, reporter, notes } = run;
  const processNote = createProcessNote(join(runDirectory, runFiles.command));
  const start = commandStarter(run, host);
  let startedAt: number | undefined;
  const marks = setInterval(() => journal.mark(false), markInterval);
  const end = await supervise(
    {
      stop,
      host,
      start,
      read: (command) => readCommand(command, run),
      onStarted: (pid, restart) => {
        startedAt ??= host.clock();
        reporter?.started(startedAt);
        processNote.write({ pid, startTime: startTimeOf(pid, host.platform) });
        journal.control({ type: "started", pid, restart });
      },
      onExited: () => processNote.remove(),
      wait: async (milliseconds, signal) => {
        // Aborted: someone wants the end.
        await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
      },
    },
    options,
  );
  const finishedAt = host.clock();
  clearInterval(marks);
  notes.push(...processNote.notes);
  return { end, startedAt: startedAt ?? finishedAt, finishedAt };
}

function commandStarter(run: OpenRun, host: Host): () => Promise<RunningCommand | StartFailure> {
  const { options, runDirectory, workspace, env, api, stop } = run;
  const givenFile = env["KERUTA_TASK_FILE"] ?? host.env["KERUTA_TASK_FILE"];
  let taskFile: string | undefined;
  return async () => {
    try {
      taskFile ??= await taskFileOf(options.command, givenFile, join(runDirectory, runFiles.task), {
        api,
        host,
        stop,
      });
      return await startCommand({
        argv: await whatToRun({ ...options, runDirectory, taskFile }),
        env,
        directory: workspace,
        runDirectory,
        fifoMaker: host.launcher ? [host.launcher, "mkfifo"] : ["mkfifo", "-m", "666"],
        agentPath: host.env["PATH"],
        platform: host.platform,
        arch: host.arch,
      });
    } catch (error) {
      if (isKerutaError(error)) return startFailure("failed", error.text.en);
      if (!isSystemError(error)) throw error;
      return startFailure("failed", `The command cannot be started: ${error.message}.`);
    }
  };
}
