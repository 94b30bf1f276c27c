import { join } from "node:path";
import { isKerutaError, type Text } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import type { DriveOutcome } from "../stages/drive-outcome.ts";
import { startHeartbeat, type Heartbeat } from "../stages/heartbeat.ts";
import { openLog } from "../follow/open-log.ts";
import type { LocalRunnerDeps } from "./deps.ts";
import { recoverAttempt } from "./recover-attempt.ts";
import { runAttempt } from "./run-attempt.ts";
import { runDirectoryName } from "./run-directory.ts";

/**
 * Drives one claimed attempt of the local runner to its settled result.
 *
 *   claim ─▶ prepare ─▶ clone ─▶ agent ─▶ follow ─▶ complete log ─▶ collect ─▶ settle ─▶ clean up
 *     └────▶ recover (the driver before died): end leftovers ─▶ log from the spool ─┘
 */
export async function driveLocally(deps: LocalRunnerDeps, claim: Claim): Promise<DriveOutcome> {
  const { queue, timers, clock, cancelWishes } = deps;
  deps.crashPoint("claimed");
  const heartbeat = startHeartbeat({ queue, lease: claim.lease, timers, clock, cancelWishes });
  try {
    return { kind: "settled", task: await drive(deps, claim, heartbeat) };
  } catch (error) {
    if (isKerutaError(error, "KRT_LEASE_LOST")) return { kind: "lost" };
    throw error;
  } finally {
    await heartbeat.stop();
  }
}

async function drive(deps: LocalRunnerDeps, claim: Claim, heartbeat: Heartbeat) {
  const { queue } = deps;
  const { lease, task, attempt } = claim;
  const log = await openLog(deps, claim);
  const left = claim.takenOver ? await queue.localRun(lease.taskId, lease.attempt) : null;
  const directory = join(deps.paths.runs, runDirectoryName(task.id, attempt.number));
  if (left) {
    if (left.directory !== directory) deps.observer.notice(elsewhere(left.directory, attempt.number));
    return recoverAttempt(deps, { claim, directory, log, lost: heartbeat.lost });
  }
  await queue.recordAttempt(lease, { local: { directory } });
  const cancel = AbortSignal.any([deps.cancel, heartbeat.cancelRequested]);
  return runAttempt(deps, { claim, directory, log, cancel, lost: heartbeat.lost });
}

/** Whoever may drive may write any place there: nothing is read, ended or removed but in this machine's own. */
function elsewhere(directory: string, attempt: number): Text {
  return {
    en: `attempt ${String(attempt)} ran in ${directory}, which is not this driver's own: what is there stays`,
    ja: `試行 ${String(attempt)} は ${directory} で実行されていましたが、このドライバーのディレクトリではないため、そのまま残します`,
  };
}
