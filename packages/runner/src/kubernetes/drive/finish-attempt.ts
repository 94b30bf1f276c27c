import {
  clusterEnd,
  isKerutaError,
  mainOf,
  mayHaveRun,
  toldCodes,
  type ArtifactSummary,
  type ClusterEnd,
  type Task,
} from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import type { Job, Pod } from "../../cluster/objects.ts";
import { closeLog, completeLog } from "../../follow/complete-log.ts";
import type { LogKeeper, ReadSpool } from "../../follow/log-keeper.ts";
import type { JobFacts } from "../../plan/index.ts";
import { settleByReport } from "../../reports/settle-by-report.ts";
import { settleEarlier } from "../../stages/earlier-artifacts.ts";
import { settleAttempt } from "../../stages/settle.ts";
import { settleWithLog } from "./settle-with-log.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { handOver } from "./hand-over.ts";
import { podSpoolReader } from "./pod-spool.ts";
import { readPatiently, sidecarPatience } from "./patience.ts";
import { reportedResult, reportOf } from "./report-of.ts";
import type { Seen } from "./see-to-end.ts";
import { shortenLife } from "./shorten-life.ts";
import type { Submitted } from "./submit-job.ts";

export interface FinishAttempt {
  readonly claim: Claim;
  readonly facts: JobFacts;
  readonly log: LogKeeper;
  readonly job: Job;
  readonly seen: Seen;
  /** The log was read to its end; where an agent wrote it, the spool has the rest. */
  readonly isFollowed: boolean;
  /** The artifacts that the Pod has handed over; undefined where it was not asked yet. */
  readonly handedOver: ArtifactSummary | null | undefined;
  readonly lost: AbortSignal;
}

/** complete log → collect → settle → TTL */
export async function finishAttempt(deps: ClusterRunnerDeps, input: FinishAttempt): Promise<Task> {
  const { claim, facts, log, job, seen, lost } = input;
  // The Pod's own word first: what came over the API is evidence where there is none. Without an agent it is the image's.
  const own = facts.wrapped && seen.pod ? reportOf(seen.pod) : null;
  const report = own ?? (await reportedResult(deps, claim, facts));
  if (!seen.pod && !seen.failure && report) {
    const task = await settleByReport(deps, claim, report, {
      keeper: log,
      earlier: await settleEarlier(deps, claim, deps.artifacts),
    });
    await shortenLife(deps, job, seen);
    return task;
  }
  const hasRun = seen.failure === null && (hasStarted(seen) || (facts.wrapped && (await hasBrought(log))));
  let spoolWasRead = false;
  const onRead = () => {
    spoolWasRead = true;
  };
  const readSpool = spoolOf(deps, seen.pod, lost, onRead);
  const complete = () =>
    hasRun && facts.wrapped
      ? completeLog({ log, report, readSpool, clock: deps.clock })
      : closeLog(log, facts.wrapped || input.isFollowed);
  const summary = await complete();
  deps.crashPoint("logged");

  let artifacts = input.handedOver;
  if (artifacts === undefined)
    artifacts =
      hasRun && seen.pod !== null
        ? await handOver(deps, { claim, facts, job, pod: seen.pod, report, spoolWasRead, lost })
        : await settleEarlier(deps, claim, deps.artifacts);

  const required = claim.task.spec.artifacts?.required === true;
  const missing = required && artifacts?.status !== "Collected";
  const end = clusterEnd(seen.evidence, { report, wrapped: facts.wrapped, failure: seen.failure });
  const settling = {
    claim,
    evidence: {
      report,
      cluster: seen.timedOut === null ? end : { ...end, timedOut: seen.timedOut },
      preparation: null,
      cancelled:
        (seen.stopped && report === null && (facts.wrapped || !endedByItself(end))) ||
        wasTakenByCancel(claim, seen, end),
      artifactsMissing: missing ? (artifacts?.message ?? "no artifact was collected") : null,
      agentEnd: null,
    },
    artifacts,
  };
  const task = await settleWithLog(deps, settling, { log, summary, complete });
  deps.crashPoint("settled");
  await shortenLife(deps, job, seen);
  return task;
}

/** Of an image's own process, before a stop reached it: no report tells, but the node does. */
function endedByItself({ disruption, main }: ClusterEnd): boolean {
  const code = main?.exitCode ?? null;
  return disruption === null && code !== null && !toldCodes.includes(code);
}

/** An agent that is out of reach is stopped by the deletion of its Pod, perhaps by a driver that died then. */
function wasTakenByCancel({ task }: Claim, { stopped }: Seen, { disruption }: ClusterEnd): boolean {
  return (stopped || task.cancelRequestedAt !== null) && disruption?.reason === "PodLost";
}

export async function settleUnsubmitted(
  deps: ClusterRunnerDeps,
  claim: Claim,
  log: LogKeeper,
  submitted: Exclude<Submitted, { kind: "submitted" }>,
): Promise<Task> {
  const { taskId, attempt } = claim.lease;
  const told = submitted.kind === "gone" ? await deps.queue.attemptReport(taskId, attempt) : null;
  const earlier = await settleEarlier(deps, claim, deps.artifacts);
  if (told?.result) return settleByReport(deps, claim, told.result, { keeper: log, earlier });
  const failure =
    submitted.kind === "refused"
      ? ({
          reason: "SubmitFailed",
          category: submitted.retryable ? "start" : "task-definition",
          message: submitted.message,
        } as const)
      : null;
  const gone = { reason: "PodLost", message: "The Job was deleted before its driver saw its end." } as const;
  return settleAttempt(deps, {
    claim,
    evidence: {
      report: null,
      cluster: { timedOut: null, disruption: submitted.kind === "gone" ? gone : null, main: null, failure },
      preparation: null,
      cancelled: submitted.kind === "cancelled",
      artifactsMissing: null,
      agentEnd: null,
    },
    log: log.summary(true),
    artifacts: earlier,
  });
}

function hasStarted({ evidence: { pod } }: Seen): boolean {
  return pod !== null && mayHaveRun(mainOf(pod));
}

/** A Pod may come and go between two looks: then what its agent brought over the API tells that it ran. */
async function hasBrought(log: LogKeeper): Promise<boolean> {
  await log.catchUp();
  return log.position.sequence > 0;
}

/** A Pod that is gone has no spool any more: what is missing then becomes a gap and not an error. */
function spoolOf(deps: ClusterRunnerDeps, pod: Pod | null, lost: AbortSignal, onRead: () => void): ReadSpool {
  if (!pod) return async function* () {};
  const read = readPatiently(sidecarPatience(deps, pod, lost), podSpoolReader(deps, pod.metadata.name, lost));
  return async function* (after) {
    onRead();
    try {
      yield* read(after);
    } catch (error) {
      if (!isKerutaError(error)) throw error;
      deps.observer.notice({
        en: `the spool cannot be read: ${error.message}`,
        ja: `スプールを読み取れません: ${error.text.ja}`,
      });
    }
  };
}
