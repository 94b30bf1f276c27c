import { join } from "node:path";
import { isKerutaError } from "@keruta/shared/domain";
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
  if (left) return recoverAttempt(deps, { claim, directory: left.directory, log, lost: heartbeat.lost });

  const directory = join(deps.paths.runs, runDirectoryName(task.id, attempt.number));
  await queue.recordAttempt(lease, { local: { directory } });
  const cancel = AbortSignal.any([deps.cancel, heartbeat.cancelRequested]);
  return runAttempt(deps, { claim, directory, log, cancel, lost: heartbeat.lost });
}
