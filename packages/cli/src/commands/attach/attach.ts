import type { Command } from "commander";
import { isKerutaError, isTerminal, type Task } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import { claimDriver } from "../../driving/drive-claim.ts";
import { runToEnd } from "../../driving/run-to-end.ts";
import { createWatcher, driveFormats, type DriveFormat } from "../../driving/create-watcher.ts";
import { abilityOf, runnerOf, type Ability } from "../../driving/choose-runner.ts";
import { getTask } from "../../tasks/resolve.ts";
import { reportEnd } from "../../driving/report-end.ts";
import type { StopWish } from "../../driving/stop-wishes.ts";
import type { Context } from "../../context/context.ts";
import { placeOf } from "../../context/database.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { choiceValue } from "../../command-line/values.ts";

export interface AttachOptions {
  readonly context: Context;
  readonly task: string;
  readonly onInterrupt: StopWish;
  readonly simpleExitCode: boolean;
  readonly format: DriveFormat;
}

interface Flags {
  readonly onInterrupt?: StopWish;
  readonly simpleExitCode?: boolean;
  readonly output?: string;
}

export function attachCommand(context: Context, run = runAttach): Command {
  const command = createCommand(context, {
    name: "attach",
    formats: driveFormats,
    examples: [
      {
        line: "keruta attach @last",
        text: { en: "follow the newest task to its end", ja: "最新のタスクを最後まで追跡" },
      },
      {
        line: "keruta attach k7m --on-interrupt cancel",
        text: { en: "and cancel it with Ctrl-C", ja: "Ctrl-C で中止する" },
      },
    ],
  }).argument("<task-id>");
  return addOptions(context, command, [
    {
      flags: "--on-interrupt <wish>",
      text: {
        en: "what Ctrl-C does: detach (default) or cancel",
        ja: "Ctrl-C の動作: detach（既定）または cancel",
      },
      parse: choiceValue("--on-interrupt", ["cancel", "detach"]),
    },
    {
      flags: "--simple-exit-code",
      text: { en: "exit with 0 or 1 only", ja: "終了コードを 0 か 1 だけにする" },
    },
  ]).action(async (task: string, _: Flags, self: Command) => {
    const { onInterrupt = "detach", simpleExitCode = false, output } = self.optsWithGlobals<Flags>();
    await run({ context, task, onInterrupt, simpleExitCode, format: chooseFormat(output, driveFormats) });
  });
}

/** Whoever comes back to a running task does so because something broke: the cluster gets a minute to be back too. */
const patience = 60_000;

/** Follows the task through all its attempts, and drives it where its driver is dead or it waits for one. */
export async function runAttach(options: AttachOptions): Promise<void> {
  const { context, format, onInterrupt } = options;
  const queue = await context.openQueue();
  const taskId = await queue.resolveTaskId(options.task);
  const watcher = await createWatcher(context, queue, format);
  const task = await getTask(queue, taskId);
  const ability = await abilityFor(context, queue, task);
  const drive = claimDriver({ context, queue, watcher, connection: ability?.connection ?? null });
  const leaveAtOnce = false;
  const end = await runToEnd({
    context,
    queue,
    watcher,
    taskId,
    claim: null,
    terms: ability?.terms ?? null,
    onInterrupt,
    leaveAtOnce,
    drive,
  });
  await reportEnd({ context, end, format, simple: options.simpleExitCode });
}

/**
 * null where the task is only followed: over a server its workers drive, and from a machine that knows no cluster
 * whoever does it now.
 */
async function abilityFor(context: Context, queue: Queue, task: Task): Promise<Ability | null> {
  const needed = isTerminal(task.status) ? "local" : runnerOf(task, await context.settings());
  const hasWorkers = (await queue.queueStatus()).drivers > 0;
  if (hasWorkers && placeOf(context).kind === "api") return null;
  try {
    return await abilityOf({ context, forced: undefined, needed, patience });
  } catch (error) {
    const isFollowed = hasWorkers || isDriven(task, context.clock());
    if (!isFollowed || !isKerutaError(error, "KRT_CLUSTER_NOT_FOUND")) throw error;
    return null;
  }
}

function isDriven({ attempt }: Task, now: number): boolean {
  return attempt?.leaseExpiresAt != null && Date.parse(attempt.leaseExpiresAt) > now;
}
