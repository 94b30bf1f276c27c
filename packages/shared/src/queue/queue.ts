import type { ArtifactSkip } from "../domain/agent/trailer.ts";
import type {
  ArtifactSummary,
  Attempt,
  AttemptPhase,
  AttemptResult,
  ClusterContext,
} from "../domain/attempt/attempt.ts";
import type { Event } from "../domain/event.ts";
import type { Level, StreamName } from "../domain/log/stream.ts";
import type { LogEntry } from "../domain/log/entry.ts";
import type { LabelRequirement } from "../domain/selector.ts";
import type { ConflictPolicy, RunnerName } from "../domain/task/spec.ts";
import type { TaskStatus } from "../domain/task/status.ts";
import type { NewTask, Pending, Progress, Task } from "../domain/task/task.ts";
import type { Holder } from "./holder.ts";
import type { NamespaceScope, TaskFilter, TaskPage } from "./listing.ts";
import type { AttemptReport } from "./reports.ts";
import type { SettingStore } from "./settings.ts";

/**
 * The store of tasks, attempts, logs and settings.
 *
 * One call is one state change: it happens whole or not at all, and a process that dies between two calls leaves
 * a state from which the next one goes on. Times are ISO 8601 strings, UTC, milliseconds. Expected outcomes are
 * values; a KerutaError is thrown for what the caller or the store got wrong.
 */
export interface Queue extends TaskStore, ClaimStore, LogStore, ArtifactStore, SettingStore, EventStore {
  /** Random, made with the store: Jobs carry it, so that keruta touches only its own. */
  readonly uid: string;
  /** For messages: `sqlite:/home/me/.local/state/keruta/keruta.db`, never with a password. */
  readonly name: string;
  close(): Promise<void>;
}

export interface AddTask extends NewTask {
  readonly createdBy: string;
  readonly requestId?: string;
  readonly claim?: ClaimTerms;
  /** Of a concurrency key that is in use, only tasks of these are replaced or named; absent: all. */
  readonly namespaces?: NamespaceScope;
}

export interface AddedTask {
  /** A new task's `pending` is null: its position costs a walk over all that come before it; ask `getTask`. */
  readonly task: Task;
  /** False where `requestId` was known: the task is the one of then. */
  readonly created: boolean;
  /** Set where `claim` was asked for and the task may run now. */
  readonly claim: Claim | null;
}

/** Fields to replace on a PENDING task; absent ones stay. */
export type TaskChange = Partial<NewTask>;

export interface QueueStatus {
  readonly paused: boolean;
  readonly counts: Readonly<Record<TaskStatus, number>>;
  /** Workers that are alive now, and so will run what waits. */
  readonly drivers: number;
}

export interface TaskStore {
  /**
   * Adds, and with `claim` also leases, in one transaction. `concurrency.onConflict: refuse` throws
   * KRT_CONCURRENCY_REFUSED with nothing added; `replace` asks the older tasks of the key to be cancelled.
   * The same requestId with other content throws KRT_REQUEST_ID_CONFLICT.
   */
  addTask(task: AddTask): Promise<AddedTask>;
  /** With all attempts and, while PENDING, `pending`. */
  getTask(id: string): Promise<Task | undefined>;
  /**
   * The id that a prefix of 3 or more characters or `@last` stands for.
   * Throws KRT_TASK_NOT_FOUND or KRT_TASK_ID_AMBIGUOUS (with the candidates).
   */
  resolveTaskId(reference: string): Promise<string>;
  listTasks(filter: TaskFilter): Promise<TaskPage>;
  /** Throws KRT_STATUS_CONFLICT unless PENDING. */
  updateTask(id: string, change: TaskChange): Promise<Task>;
  /**
   * PENDING: the task is CANCELLED. IN_PROGRESS: the wish is stored and its driver acts on it.
   * Terminal: nothing changes. `outcome` tells which.
   */
  cancelTask(
    id: string,
    by: string,
  ): Promise<{ task: Task; outcome: "cancelled" | "requested" | "unchanged" }>;
  /** FAILED to PENDING, with a new set of attempts. Throws KRT_STATUS_CONFLICT from any other status. */
  retryTask(id: string, by: string): Promise<Task>;
  /** With its attempts, log and artifact rows. Throws KRT_STATUS_CONFLICT while IN_PROGRESS. */
  deleteTask(id: string): Promise<void>;
  queueStatus(namespaces?: NamespaceScope): Promise<QueueStatus>;
  /** While paused nothing new is claimed but by name (`ClaimTerms.taskId`). */
  setPaused(paused: boolean): Promise<void>;
  /** Keys and values in use, for completion. */
  listLabels(
    namespaces?: NamespaceScope,
  ): Promise<readonly { readonly key: string; readonly value: string }[]>;
}

/** Who claims, and what it is able to drive. */
export interface ClaimTerms {
  readonly holder: Holder;
  /** Runners this driver can be for tasks that name none (`defaultRunner`) or name one (`runners`). */
  readonly runners: readonly RunnerName[];
  readonly defaultRunner: RunnerName;
  /** Set by `--runner`: new attempts use it whatever the task says. */
  readonly forceRunner?: RunnerName;
  /** Identity of the driver's cluster: attempts of another one are not taken over. */
  readonly cluster?: string;
  /** Where tasks that name no namespace run: tells the claims of one name apart. */
  readonly namespace?: string;
}

export interface ClaimRequest extends ClaimTerms {
  /** Nothing of others is taken, nor taken over. */
  readonly namespaces?: NamespaceScope;
  /** Only this task; holds and pauses do not apply to a task asked for by name, `notBefore` and concurrency do. */
  readonly taskId?: string;
}

/** The fence: every write for an attempt carries it, and a stale one changes nothing (KRT_LEASE_LOST). */
export interface Lease {
  readonly taskId: string;
  readonly attempt: number;
  readonly token: string;
}

export const submissions = ["none", "submitting", "created"] as const;
export type Submission = (typeof submissions)[number];

export interface Claim {
  readonly task: Task;
  readonly attempt: Attempt;
  readonly lease: Lease;
  /** True where the attempt was another driver's, whose lease expired or who is dead. */
  readonly takenOver: boolean;
  /** Attempts since the task was added or a person retried it, this one included: what `retry.attempts` bounds. */
  readonly attemptsMade: number;
  readonly submission: Submission;
  readonly jobUid: string | null;
  readonly logPosition: LogPosition;
}

export interface LogPosition {
  /** Of the last entry stored; 0 where there is none. */
  readonly sequence: number;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
}

export type RenewOutcome =
  | { readonly held: true; readonly cancelRequested: boolean; readonly expiresAt: string }
  | { readonly held: false };

/** What becomes known of an attempt while it runs; absent fields stay. */
export interface AttemptChange {
  readonly phase?: AttemptPhase;
  readonly cluster?: string;
  readonly context?: ClusterContext;
  readonly namespace?: string;
  readonly jobName?: string;
  readonly jobUid?: string;
  readonly submission?: Submission;
  readonly podName?: string;
  readonly node?: string;
  readonly imageId?: string;
  readonly commandStartedAt?: string;
  /** Of the local runner: where the run lies and which process group is the command's, for repair after a crash. */
  readonly local?: LocalRun;
}

export interface LocalRun {
  readonly directory: string;
}

export interface Retry {
  readonly notBefore: string;
}

export interface LiveDriver {
  /** `user@host:pid`. */
  readonly name: string;
  /** Until when its last announcement counts. */
  readonly aliveUntil: string;
  /** Attempts that it has leased. */
  readonly attempts: number;
}

export interface ClaimStore {
  /**
   * One statement: expired leases first, then priority, then age. Leases of holders that are provably dead on
   * this machine count as expired. Skips held, not yet due and concurrency-blocked tasks and other clusters'.
   */
  claim(request: ClaimRequest): Promise<Claim | undefined>;
  /** Where the local runner left the attempt's files, or null. */
  localRun(taskId: string, attempt: number): Promise<LocalRun | null>;
  renewLease(lease: Lease): Promise<RenewOutcome>;
  /** Hands the attempt back: it stays IN_PROGRESS and its lease is expired, so that the next driver goes on. */
  releaseLease(lease: Lease): Promise<void>;
  recordAttempt(lease: Lease, change: AttemptChange): Promise<void>;
  recordProgress(lease: Lease, progress: Progress): Promise<void>;
  /** A token with which the attempt's agent may report on it, told this once; it replaces an earlier one. */
  makeAgentToken(lease: Lease): Promise<string>;
  /** What the attempt's agent told the server; null where it told nothing. */
  attemptReport(taskId: string, attempt: number): Promise<AttemptReport | null>;
  /**
   * Writes the result and moves the task on: to PENDING with `retry`, else to COMPLETED, FAILED or CANCELLED as
   * the result says. A task that was asked to be cancelled is not retried. Settling again with the same lease is
   * a no-op that returns the stored task. `logSequence` is of the last log entry that the result counts: where the
   * agent has brought more, KRT_USAGE is thrown and nothing changes.
   */
  settle(lease: Lease, result: AttemptResult, retry: Retry | null, logSequence?: number): Promise<Task>;
  /** Makes a worker's life known; `pending` says when nobody is alive. Alive for 60 s after each call. */
  announceDriver(holder: Holder): Promise<void>;
  withdrawDriver(holder: Holder): Promise<void>;
  /** Workers that are alive now, by name. */
  listDrivers(): Promise<readonly LiveDriver[]>;
}

export interface LogQuery {
  readonly taskId: string;
  readonly attempt: number;
  readonly afterSequence?: number;
  /** The log ends before it. */
  readonly beforeSequence?: number;
  /** The last N lines that pass the filters. */
  readonly tail?: number;
  /** The first N entries of what is found. */
  readonly limit?: number;
  readonly since?: string;
  /** A minimum. */
  readonly level?: Level;
  readonly grep?: RegExp;
  /** Instead: a text that is in the line, letter case and width folded. */
  readonly keyword?: string;
  readonly stream?: StreamName;
}

export interface LogStore {
  /**
   * Appends entries in order of sequence; ones already stored are dropped, a hole throws KRT_USAGE (the caller's bug).
   * Durable when it returns.
   */
  appendLog(lease: Lease, entries: readonly LogEntry[]): Promise<LogPosition>;
  /** `looked` hears up to which entry nothing is left to be found; of a queue over the API it hears nothing. */
  readLog(query: LogQuery, looked?: (sequence: number) => void): AsyncIterable<LogEntry>;
}

export interface ArtifactFile {
  /** Relative, `/` between its parts, no `..`; any text for one that was skipped. */
  readonly path: string;
  readonly bytes: number;
  /** 64 lower-case hex digits; null for one that was skipped. */
  readonly sha256: string | null;
  readonly skipped: ArtifactSkip | null;
}

export interface ArtifactStore {
  /**
   * Replaces the attempt's list; with `summary`, a driver that takes over knows that all is here that
   * there is. Throws KRT_ARTIFACT_REFUSED for a list that no collection has.
   */
  recordArtifacts(lease: Lease, files: readonly ArtifactFile[], summary?: ArtifactSummary): Promise<void>;
  /** All of an attempt's, or the one of a path. */
  listArtifacts(taskId: string, attempt: number, path?: string): Promise<readonly ArtifactFile[]>;
}

/** So many events are one page; fewer are all that there were. */
export const eventPageSize = 1000;

export interface EventFilter {
  readonly after: number;
  readonly taskId?: string;
  readonly namespaces?: NamespaceScope;
}

export interface EventStore {
  /** Events after `seq`, oldest first, at most `eventPageSize`. */
  readEvents(filter: EventFilter): Promise<readonly Event[]>;
  /** Of the newest event, 0 where there is none: who begins here hears only of what is to come. */
  lastEventSeq(): Promise<number>;
  /**
   * Yields at once and then whenever anything in the store may have changed, by this process or another.
   * A hint to look again, never a fact; ends when the signal aborts.
   */
  changes(signal: AbortSignal): AsyncIterable<void>;
}

export * from "./listing.ts";
export * from "./settings.ts";
export type { ConflictPolicy, LabelRequirement, Pending };
