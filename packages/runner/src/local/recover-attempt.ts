import type { Task } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { completeLog } from "../follow/complete-log.ts";
import type { LogKeeper } from "../follow/log-keeper.ts";
import { readSpool } from "../follow/read-spool.ts";
import type { LocalRunnerDeps } from "./deps.ts";
import { finishAttempt } from "./finish-attempt.ts";
import { endLeftoverOf } from "./leftover.ts";
import { prepareRun } from "./prepare.ts";
import { readReport } from "./read-report.ts";
import { runDirectory } from "./run-directory.ts";

export interface RecoverInput {
  readonly claim: Claim;
  readonly directory: string;
  readonly log: LogKeeper;
  readonly lost: AbortSignal;
}

/**
 * Settles an attempt whose driver died: ends what may still run, takes over the log from the spool, and finds the
 * command's own result where it had ended before. The command is never started again in this attempt.
 */
export async function recoverAttempt(
  deps: LocalRunnerDeps,
  { claim, directory, log, lost }: RecoverInput,
): Promise<Task> {
  const { task, attempt } = claim;
  // Which one it was is in the timeline: the attempt has the name of this one by now.
  deps.observer.notice({
    en: `the driver of attempt ${String(attempt.number)} died; settling what it left`,
    ja: `試行 ${String(attempt.number)} のドライバーが終了していたため、後始末をします`,
  });
  const run = runDirectory(directory);
  await endLeftoverOf(deps, run);
  const report = await readReport(run.result);
  const neverStarted = report === null && (await isEmpty(readSpool(run.spool, 0)));
  const summary = neverStarted
    ? log.summary(true)
    : await completeLog({
        log,
        report,
        readSpool: (after) => readSpool(run.spool, after),
        clock: deps.clock,
      });
  const hasOwnEnd = report !== null && report.stopped !== "cancel" && report.stopped !== "driver-lost";
  return finishAttempt(deps, {
    claim,
    run,
    // Only for its plan: the directories are there.
    prepared: hasOwnEnd ? await prepareRun(deps, task, attempt.number, run) : null,
    report,
    preparation: null,
    cancelled: task.cancelRequestedAt !== null && !hasOwnEnd,
    agentEnd: null,
    log: summary,
    lost,
  });
}

async function isEmpty(batches: AsyncIterable<unknown>): Promise<boolean> {
  for await (const _ of batches) return false;
  return true;
}
