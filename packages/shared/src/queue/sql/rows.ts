import type {
  ArtifactSummary,
  Attempt,
  AttemptResult,
  ClusterContext,
  LogSummary,
} from "../../domain/attempt/attempt.ts";
import type { TaskSpec } from "../../domain/task/spec.ts";
import type { Pending, Task } from "../../domain/task/task.ts";
import type { Holder } from "../holder.ts";
import type { AttemptRow, AttemptTable, TaskRow } from "./schema.ts";
import { isoTime, isoTimeOrNull, millisecondsOf } from "./time.ts";

export function taskOf(row: TaskRow, attempts: readonly Attempt[], pending: Pending | null): Task {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    priority: row.priority,
    status: row.status,
    labels: JSON.parse(row.labels) as Readonly<Record<string, string>>,
    spec: JSON.parse(row.spec) as TaskSpec,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    createdBy: row.created_by,
    requestId: row.request_id,
    cancelRequestedAt: isoTimeOrNull(row.cancel_requested_at),
    progress: { percent: row.progress_percent, message: row.progress_message },
    pending,
    attempt: attempts.at(-1) ?? null,
    attempts,
  };
}

export function attemptOf(row: AttemptRow): Attempt {
  return {
    number: row.number,
    runner: row.runner,
    driver: row.driver,
    leaseExpiresAt: row.settled_at === null ? isoTime(row.lease_expires_at) : null,
    cluster: row.cluster,
    context: row.cluster_context === null ? null : (JSON.parse(row.cluster_context) as ClusterContext),
    namespace: row.namespace,
    jobName: row.job_name,
    podName: row.pod_name,
    node: row.node,
    imageId: row.image_id,
    phase: row.phase,
    startedAt: isoTime(row.started_at),
    commandStartedAt: isoTimeOrNull(row.command_started_at),
    finishedAt: isoTimeOrNull(row.finished_at),
    exitCode: row.exit_code,
    signal: row.signal,
    reason: row.reason,
    category: row.category,
    retryable: row.retryable === null ? null : row.retryable === 1,
    message: row.message,
    peakMemoryBytes: row.peak_memory_bytes,
    log: row.log_summary === null ? null : (JSON.parse(row.log_summary) as LogSummary),
    artifacts: row.artifact_summary === null ? null : (JSON.parse(row.artifact_summary) as ArtifactSummary),
  };
}

type ResultColumns = Pick<
  AttemptTable,
  | "finished_at"
  | "exit_code"
  | "signal"
  | "reason"
  | "category"
  | "retryable"
  | "message"
  | "peak_memory_bytes"
  | "log_summary"
  | "artifact_summary"
>;

export function resultColumns(result: AttemptResult): ResultColumns {
  return {
    finished_at: millisecondsOf(result.finishedAt),
    exit_code: result.exitCode,
    signal: result.signal,
    reason: result.reason,
    category: result.category,
    retryable: result.retryable ? 1 : 0,
    message: result.message,
    peak_memory_bytes: result.peakMemoryBytes,
    log_summary: JSON.stringify(result.log),
    artifact_summary: result.artifacts === null ? null : JSON.stringify(result.artifacts),
  };
}

/** One text per holder, so that leases of one process can be found by it. */
export function holderText({ host, user, pid, bootId, pidNamespace, startTime }: Holder): string {
  return JSON.stringify({ host, user, pid, bootId, pidNamespace, startTime });
}

export function holderOf(text: string): Holder {
  return JSON.parse(text) as Holder;
}
