import type { AgentReport, LogSummary, PreparationFailure, Task } from "@keruta/shared/domain";
import { isTerminal } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { startingAt } from "../artifacts/index.ts";
import { collectArtifacts } from "../stages/collect-artifacts.ts";
import { settleEarlier } from "../stages/earlier-artifacts.ts";
import { settleAttempt } from "../stages/settle.ts";
import { clearAway } from "./clear-away.ts";
import { openCollect } from "./collect.ts";
import type { LocalRunnerDeps } from "./deps.ts";
import type { PreparedRun } from "./prepare.ts";
import type { RunDirectory } from "./run-directory.ts";
import { ownClaimDirectory } from "./volumes.ts";

export interface FinishInput {
  readonly claim: Claim;
  readonly run: RunDirectory;
  /** null where the command cannot have written anything worth collecting. */
  readonly prepared: PreparedRun | null;
  readonly report: AgentReport | null;
  readonly preparation: PreparationFailure | null;
  readonly cancelled: boolean;
  readonly agentEnd: string | null;
  readonly log: LogSummary;
  /** The attempt is another driver's now. */
  readonly lost: AbortSignal;
}

/** collect → settle → clean up: after the settle a crash leaves only directories, which `sweepRuns` removes. */
export async function finishAttempt(deps: LocalRunnerDeps, input: FinishInput): Promise<Task> {
  const { claim, run, prepared, report, preparation, cancelled, agentEnd, log, lost } = input;
  const artifacts =
    prepared && report && !report.startError
      ? await collectArtifacts(deps, {
          claim,
          store: deps.paths.artifacts,
          wantsArtifacts: prepared.plan.wantsArtifacts,
          open: (...place) =>
            Promise.resolve(openCollect(deps, startingAt(prepared.plan.collectArgs, ...place))),
          lost,
        })
      : await settleEarlier(deps, claim, deps.paths.artifacts);
  deps.crashPoint("collected");
  const required = claim.task.spec.artifacts?.required === true;
  const missing = required && artifacts?.status !== "Collected";
  const task = await settleAttempt(deps, {
    claim,
    evidence: {
      report,
      preparation,
      cancelled,
      agentEnd,
      artifactsMissing: missing ? (artifacts?.message ?? "no artifact was collected") : null,
    },
    log,
    artifacts,
  });
  deps.crashPoint("settled");
  // The result is stored, and holds whatever cannot be removed.
  await clearAway(run.root, deps.observer);
  if (isTerminal(task.status)) await removeOwnClaims(deps, task);
  return task;
}

/** Claims without a name are the task's own: kept over its attempts, gone with its end. */
async function removeOwnClaims(deps: LocalRunnerDeps, task: Task): Promise<void> {
  for (const volume of task.spec.volumes ?? []) {
    const directory = ownClaimDirectory(task.id, volume, deps.paths.claims);
    if (directory !== null) await clearAway(directory, deps.observer);
  }
}
