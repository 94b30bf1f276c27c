import type { RunnerName } from "../task/spec.ts";
import type { Category, Reason } from "./reason.ts";

export const attemptPhases = [
  "Submitting",
  "Scheduling",
  "Pulling",
  "Cloning",
  "Starting",
  "Running",
  "Collecting",
  "Done",
] as const;
export type AttemptPhase = (typeof attemptPhases)[number];

export interface LogSummary {
  /** Of stdout and stderr together, as stored. */
  readonly bytes: number;
  /** Hex SHA-256 of stdout's bytes, a NUL-free separator line and stderr's: see `logDigest`. */
  readonly sha256: string;
  /** False where a gap record stands for bytes that could not be had. */
  readonly complete: boolean;
  /** When it was removed, over its time; absent while it is there. */
  readonly removedAt?: string;
}

export const artifactStatuses = ["Collected", "Partial", "Missing", "Failed"] as const;
export type ArtifactStatus = (typeof artifactStatuses)[number];

export interface ArtifactSummary {
  readonly status: ArtifactStatus;
  readonly files: number;
  readonly bytes: number;
  readonly message: string;
}

/** How an attempt ended; written once and never changed. */
export interface AttemptResult {
  readonly finishedAt: string;
  /** The command's own code, null where the command never ran or its end was not seen. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly reason: Reason;
  readonly category: Category;
  readonly retryable: boolean;
  readonly message: string;
  readonly peakMemoryBytes: number | null;
  readonly log: LogSummary;
  readonly artifacts: ArtifactSummary | null;
}

/** How people name a cluster, where its identity tells them nothing. */
export interface ClusterContext {
  /** Of the kubeconfig that its driver used. */
  readonly name: string;
  /** URL of the API server. */
  readonly server: string;
}

export interface Attempt {
  readonly number: number;
  readonly runner: RunnerName;
  /** Who drives or drove it: `user@host:pid`. */
  readonly driver: string;
  /** Until when its driver has it unless it renews the lease; null once it is settled. */
  readonly leaseExpiresAt: string | null;
  readonly cluster: string | null;
  readonly context: ClusterContext | null;
  readonly namespace: string | null;
  readonly jobName: string | null;
  readonly podName: string | null;
  readonly node: string | null;
  readonly imageId: string | null;
  readonly phase: AttemptPhase;
  /** When it was claimed; `commandStartedAt` is when the command itself started. */
  readonly startedAt: string;
  readonly commandStartedAt: string | null;
  readonly finishedAt: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly reason: Reason | null;
  readonly category: Category | null;
  readonly retryable: boolean | null;
  readonly message: string;
  readonly peakMemoryBytes: number | null;
  readonly log: LogSummary | null;
  readonly artifacts: ArtifactSummary | null;
}
