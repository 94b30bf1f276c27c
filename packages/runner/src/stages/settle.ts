import {
  decideReason,
  isRetryable,
  planRetry,
  type ArtifactSummary,
  type AttemptResult,
  type EndEvidence,
  type LogSummary,
  type Task,
} from "@keruta/shared/domain";
import { parseDuration } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import type { RunnerDeps } from "./deps.ts";

export interface SettleInput {
  readonly claim: Claim;
  readonly evidence: EndEvidence;
  readonly log: LogSummary;
  /** Of the last entry that `log` counts: KRT_USAGE is thrown where there are more. */
  readonly logSequence?: number;
  readonly artifacts: ArtifactSummary | null;
}

/** Decides why the attempt ended and whether it is tried again, and writes both in one transaction. */
export async function settleAttempt(
  deps: Pick<RunnerDeps, "queue" | "settings" | "clock">,
  input: SettleInput,
): Promise<Task> {
  const { claim, evidence, log, logSequence, artifacts } = input;
  const ending = decideReason(evidence);
  const now = deps.clock();
  const result: AttemptResult = {
    ...ending,
    finishedAt: new Date(now).toISOString(),
    retryable: isRetryable(ending.category),
    peakMemoryBytes: evidence.report?.peakMemoryBytes ?? null,
    log,
    artifacts,
  };
  const { retry = {} } = claim.task.spec;
  const wait = planRetry({
    ...ending,
    attemptsMade: claim.attemptsMade,
    attempts: retry.attempts ?? deps.settings.retryAttempts,
    backoff:
      (retry.backoff === undefined ? undefined : parseDuration(retry.backoff)) ?? deps.settings.retryBackoff,
    on: retry.on ?? deps.settings.retryOn,
  });
  const again = wait === null ? null : { notBefore: new Date(now + wait).toISOString() };
  return deps.queue.settle(claim.lease, result, again, logSequence);
}
