import type { AgentReport } from "../domain/agent/protocol.ts";
import type { LogEntry } from "../domain/log/entry.ts";
import type { ArtifactSummary } from "../domain/attempt/attempt.ts";
import type { LevelDetector } from "../domain/log/level.ts";
import type { Progress } from "../domain/task/task.ts";
import type { ArtifactFile, LogPosition } from "./queue.ts";

export interface AttemptKey {
  readonly taskId: string;
  readonly number: number;
}

/** What an agent said of its attempt: evidence for whoever settles it, and never a result by itself. */
export interface AttemptReport {
  readonly heardAt: string;
  /** When the command first started, by the agent's clock. */
  readonly startedAt: string | null;
  readonly result: AgentReport | null;
  /** What a server took of the artifacts that the agent uploaded; null before the upload's end. */
  readonly artifacts: ArtifactSummary | null;
}

/** An attempt whose lease has expired and whose agent has told how its command ended. */
export interface AbandonedAttempt extends AttemptKey {
  readonly report: AgentReport;
  /** Of an upload that a server took whole. */
  readonly artifacts: ArtifactSummary | null;
}

/** What becomes of entries that an agent brings: which level lines have, and whether those of level DEBUG are stored. */
export interface JudgeLog {
  readonly detect: LevelDetector;
  readonly dropDebug: boolean;
}

/**
 * Reports of agents. Each throws KRT_ATTEMPT_NOT_FOUND for an attempt that is not known and KRT_ATTEMPT_SETTLED for
 * one that has its result, and changes nothing then.
 */
export interface ReportStore {
  recordHeartbeat(of: AttemptKey): Promise<void>;
  /** The first one stands. */
  recordStart(of: AttemptKey, startedAt: string): Promise<void>;
  /** `sequence` is that of the log entry that tells it: what comes late changes nothing. */
  recordProgress(of: AttemptKey, progress: Progress, sequence: number): Promise<void>;
  /**
   * As `LogStore.appendLog`, each entry once whoever brings it, with the level that `how` gives it. A hole throws KRT_LOG_POSITION, whose details have the
   * last `sequence` that is stored.
   */
  appendLog(of: AttemptKey, entries: readonly LogEntry[], how: JudgeLog): Promise<LogPosition>;
  /** Up to where the log is stored. */
  logPosition(of: AttemptKey): Promise<LogPosition>;
  /** The first one stands; another one throws KRT_STATUS_CONFLICT. */
  recordResult(of: AttemptKey, report: AgentReport): Promise<void>;
  /** The list of files and what to say of it, together. The first one stands, and is what this gives. */
  recordArtifacts(
    of: AttemptKey,
    files: readonly ArtifactFile[],
    summary: ArtifactSummary,
  ): Promise<ArtifactSummary>;
  /**
   * A token for the attempt, in place of an earlier one. Throws KRT_STATUS_CONFLICT where that was used already: who
   * trades a token that many know gets the place of an agent that has not begun, and of no other.
   */
  tradeToken(of: AttemptKey, by: string): Promise<string>;
  /** At most 100, whose lease expired `graceMilliseconds` ago or earlier. */
  listAbandoned(graceMilliseconds: number): Promise<readonly AbandonedAttempt[]>;
}
