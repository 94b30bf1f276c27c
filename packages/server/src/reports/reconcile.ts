import { collectDeadlineMilliseconds } from "@keruta/runner/plan";
import { settleByReport } from "@keruta/runner/reports";
import type { RunSettings } from "@keruta/runner/stages";
import { isKerutaError, type AgentReport, type Task } from "@keruta/shared/domain";
import type { Holder, Queue, ReportStore } from "@keruta/shared/queue";
import type { ServerLog } from "../deps/env.ts";

interface ReconcileDeps {
  readonly queue: Queue;
  readonly reports: ReportStore;
  /** This process: it holds the lease while it settles. */
  readonly holder: Holder;
  /** As they are now: they say what is tried again. */
  readonly settings: RunSettings;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly log: ServerLog;
}

/** A dead driver is replaced within 90 s of its last word; who would take over has had its turn when this is over. */
const reconcileGrace = 90_000;

/**
 * Settles the attempts whose lease ran out `graceMilliseconds` ago, that nobody took over, and whose agents told how
 * their commands ended. Call it every half minute or so; of many servers one wins the lease of each attempt.
 */
export async function reconcileReports(
  deps: ReconcileDeps,
  graceMilliseconds = reconcileGrace,
): Promise<readonly Task[]> {
  const { queue, reports, log } = deps;
  const settled: Task[] = [];
  for (const { taskId, number, report, artifacts } of await reports.listAbandoned(graceMilliseconds)) {
    try {
      const task = await queue.getTask(taskId);
      if (!task || (!artifacts && mayYetBeCollected(task, report, deps.clock()))) continue;
      const claim = await takeOver(deps, task);
      if (!claim) continue;
      if (claim.lease.attempt !== number || !claim.takenOver) {
        await queue.releaseLease(claim.lease);
        continue;
      }
      settled.push(await settleByReport(deps, claim, report));
      log.info({ taskId, attempt: number, exitCode: report.exitCode }, "settled by its agent's report");
    } catch (error) {
      // Another attempt must not wait for what is wrong with this one; it is tried again the next time.
      if (!isKerutaError(error)) throw error;
      log.warn({ taskId, attempt: number, error: error.message }, "not settled by its agent's report");
    }
  }
  return settled;
}

/** The Pod of a command with artifacts stays for a driver, which may be on its way: `keruta attach` after a detach. */
function mayYetBeCollected({ spec }: Task, report: AgentReport, now: number): boolean {
  const leavesSome = report.leavesArtifacts || (spec.artifacts?.paths ?? []).length > 0;
  return leavesSome && now < Date.parse(report.finishedAt) + collectDeadlineMilliseconds;
}

/** As a driver of the cluster where the attempt ran would. */
async function takeOver({ queue, holder }: ReconcileDeps, { id, attempt }: Task) {
  if (!attempt || attempt.finishedAt !== null) return undefined;
  const { runner, cluster } = attempt;
  const runners = [runner];
  return queue.claim({
    holder,
    taskId: id,
    runners,
    defaultRunner: runner,
    ...(cluster !== null && { cluster }),
  });
}
