import { join } from "node:path";
import { runFiles } from "@keruta/shared/domain";
import { parseRunArguments, type RunOptions } from "../arguments/run-arguments.ts";
import type { Host } from "../host/host.ts";
import { exitCodeOf } from "../report/exit-code.ts";
import { readMemoryCounts } from "../report/memory.ts";
import { writeReport } from "../report/write-report.ts";
import { closeRun } from "./close-run.ts";
import { failedRun } from "./failed-run.ts";
import { openRun } from "./open-run.ts";
import { runCommand } from "./run-command.ts";

/**
 * `keruta-agent run`: runs a task's command to its end and gives the agent's exit code.
 *
 *     take the start ─▶ environment ─▶ spool, socket ─▶ supervise: start ─▶ read ─▶ end the group (─▶ again)
 *                    ─▶ artifacts gathered ─▶ last mark ─▶ spool closed ─▶ report written ─▶ own output flushed
 *                    ─▶ socket closed
 */
export async function run(args: readonly string[], host: Host): Promise<number> {
  const options = parseRunArguments(args, host.env);
  try {
    return await runTask(options, host);
  } catch (error) {
    throw await failedRun(error, options.terminationMessage);
  }
}

async function runTask(options: RunOptions, host: Host): Promise<number> {
  const opened = await openRun(options, host);
  const memoryBefore = readMemoryCounts();
  const ended = await runCommand(opened, host);
  const report = await closeRun(opened, ended, memoryBefore);

  const result = join(opened.runDirectory, runFiles.result);
  await writeReport(report, [result, options.terminationMessage], host);
  const untold = await opened.reporter?.finish(report, options.reportWait);
  // In a Pod its driver has all of it anyway, and the agent's stderr would be read as the command's output.
  if (untold != null && options.terminationMessage === null)
    host.complain(`keruta-agent: Not all was reported to the server: ${untold}`);
  await opened.wire.flushed();
  // To the last a driver that cancels must hear that the command has ended: it would delete the Pod.
  await opened.server?.close();
  return exitCodeOf(report);
}
