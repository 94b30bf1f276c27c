import {
  createLevelDetector,
  disruptionByReport,
  type AgentReport,
  type ArtifactSummary,
  type Task,
} from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { completeLog } from "../follow/complete-log.ts";
import { createLogKeeper, type LogKeeper } from "../follow/log-keeper.ts";
import type { RunnerDeps } from "../stages/deps.ts";
import { settleAttempt } from "../stages/settle.ts";

type SettleDeps = Pick<RunnerDeps, "queue" | "settings" | "clock">;

interface Unseen {
  /** Where somebody watches. */
  readonly keeper?: LogKeeper;
  /** What an earlier driver had collected. */
  readonly earlier?: ArtifactSummary | null;
}

/**
 * Settles an attempt of which nothing is left but what its agent told: the log as far as it was brought, the
 * command's own end, and the artifacts that it uploaded, or none, since nobody can fetch them any more.
 */
export async function settleByReport(
  deps: SettleDeps,
  claim: Claim,
  report: AgentReport,
  { keeper, earlier = null }: Unseen = {},
): Promise<Task> {
  const { queue, clock } = deps;
  const { artifacts: wanted } = claim.task.spec;
  const log = keeper ?? (await openUnseen(deps, claim));
  const summary = await completeLog({ log, report, readSpool: nothing, clock });
  const wantsArtifacts = (wanted?.paths ?? []).length > 0 || report.leavesArtifacts;
  const { taskId, attempt } = claim.lease;
  const uploaded = wantsArtifacts ? (await queue.attemptReport(taskId, attempt))?.artifacts : null;
  const artifacts = uploaded ?? earlier ?? (wantsArtifacts ? lost : null);
  const disruption = disruptionByReport(report);
  const isMissing = wanted?.required === true && artifacts?.status !== "Collected";
  return settleAttempt(deps, {
    claim,
    evidence: {
      report,
      cluster: { timedOut: null, disruption, main: null, failure: null },
      preparation: null,
      // Told to end: by whoever deleted its Pod, as a driver does that was asked to cancel.
      cancelled: disruption !== null && claim.task.cancelRequestedAt !== null,
      artifactsMissing: isMissing ? (artifacts?.message ?? lost.message) : null,
      agentEnd: null,
    },
    log: summary,
    artifacts,
  });
}

/** Nobody watches any more. */
function openUnseen({ queue, settings, clock }: SettleDeps, { lease }: Claim): Promise<LogKeeper> {
  return createLogKeeper({
    queue,
    lease,
    detect: createLevelDetector(settings.levelWords),
    dropDebug: settings.dropDebug,
    clock,
    show: () => Promise.resolve(),
    onFull: () => undefined,
  });
}

const lost: ArtifactSummary = {
  status: "Missing",
  files: 0,
  bytes: 0,
  message: "The Pod was gone before its artifacts were collected; its agent told how the command ended.",
};

async function* nothing(): AsyncGenerator<never> {}
