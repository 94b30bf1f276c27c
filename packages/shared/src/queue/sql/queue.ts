import { hasOnlyGaps } from "../../domain/log/entry.ts";
import type { OpenArchive } from "../archive.ts";
import type { Queue } from "../queue.ts";
import { addTask } from "./add.ts";
import { listArtifacts, recordArtifacts } from "./artifacts.ts";
import { cancelTask } from "./cancel.ts";
import { claim } from "./claim.ts";
import type { Context } from "./context.ts";
import type { CrashPoint } from "./crash-point.ts";
import { announceDriver, listDrivers, withdrawDriver } from "./drivers.ts";
import { lastEventSeq, readEvents } from "./events.ts";
import { getTask } from "./get.ts";
import { localRun, recordAttempt, recordProgress, releaseLease, renewLease } from "./lease.ts";
import { listLabels, listTasks } from "./list.ts";
import { appendLog } from "./log-append.ts";
import { readLog } from "./log-read.ts";
import { setPaused } from "./meta.ts";
import type { Program } from "./program.ts";
import { attemptReport } from "./reports/record.ts";
import { makeAgentToken } from "./reports/token.ts";
import { resolveTaskId } from "./resolve.ts";
import { retryTask } from "./retry.ts";
import { readSettings, writeSettings } from "./settings.ts";
import { settle } from "./settle.ts";
import { queueStatus } from "./status.ts";
import { deleteTask, updateTask } from "./update.ts";

type NamedWrite = CrashPoint extends infer P
  ? P extends `${infer Name}:before-commit`
    ? Name
    : never
  : never;

/**
 * `vital`: what must not fail when space runs out: the end of what runs, the lease on it, what makes room, and who asks
 * for it. For these a database may keep space that others cannot have.
 */
export type Urgency = "usual" | "vital";

/** A database that runs programs, each in one transaction. */
export interface Store {
  /** All queries see the same state. */
  readonly read: <T>(program: () => Program<T>) => Promise<T>;
  /** Durable when it returns; nothing of it is seen before, and nothing at all where the program throws. */
  readonly write: <T>(program: () => Program<T>, name?: NamedWrite, urgency?: Urgency) => Promise<T>;
  changes(signal: AbortSignal): AsyncIterable<void>;
  /** Gives the space of removed rows back to the file system, piece by piece, between which others write. */
  readonly reclaim: (signal: AbortSignal) => Promise<void>;
  close(): Promise<void>;
}

export interface QueueParts {
  readonly uid: string;
  readonly name: string;
  readonly store: Store;
  readonly context: Context;
  readonly openArchive: OpenArchive | undefined;
}

/** The queue over any SQL database. */
export function createSqlQueue({ uid, name, store, context, openArchive }: QueueParts): Queue {
  const { read, write } = store;
  return {
    uid,
    name,
    close: () => store.close(),

    addTask: (task) => write(() => addTask(task, context), "add"),
    getTask: (id) => read(() => getTask(id, context)),
    resolveTaskId: (reference) => read(() => resolveTaskId(reference)),
    listTasks: (filter) => read(() => listTasks(filter, context)),
    updateTask: (id, change) => write(() => updateTask(id, change, context)),
    cancelTask: (id, by) => write(() => cancelTask(id, by, context), "cancel", "vital"),
    retryTask: (id, by) => write(() => retryTask(id, by, context), "retry"),
    deleteTask: (id) => write(() => deleteTask(id), undefined, "vital"),
    queueStatus: (namespaces) => read(() => queueStatus(context, namespaces)),
    setPaused: (paused) => write(() => setPaused(paused, context.clock())),
    listLabels: (namespaces) => read(() => listLabels(namespaces)),

    claim: (request) => write(() => claim(request, context), "claim"),
    localRun: (taskId, attempt) => read(() => localRun(taskId, attempt)),
    renewLease: (lease) => write(() => renewLease(lease, context), undefined, "vital"),
    releaseLease: (lease) => write(() => releaseLease(lease, context), "release", "vital"),
    recordAttempt: (lease, change) => write(() => recordAttempt(lease, change, context), "record", "vital"),
    recordProgress: (lease, progress) => write(() => recordProgress(lease, progress, context), "record"),
    makeAgentToken: (lease) => write(() => makeAgentToken(lease, context)),
    attemptReport: (taskId, number) => read(() => attemptReport({ taskId, number })),
    settle: (lease, result, retry, logSequence) =>
      write(() => settle(lease, result, retry, logSequence, context), "settle", "vital"),
    announceDriver: (holder) => write(() => announceDriver(holder, context)),
    withdrawDriver: (holder) => write(() => withdrawDriver(holder)),
    listDrivers: () => read(() => listDrivers(context)),

    appendLog: (lease, entries) =>
      write(() => appendLog(lease, entries, context), "log", hasOnlyGaps(entries) ? "vital" : "usual"),
    readLog: (query, looked) => readLog(query, { read, openArchive, looked }),

    recordArtifacts: (lease, files, summary) =>
      write(() => recordArtifacts(lease, files, summary), "artifacts", "vital"),
    listArtifacts: (taskId, attempt, path) => read(() => listArtifacts(taskId, attempt, path)),

    readSettings: () => read(() => readSettings()),
    writeSettings: (values, by) => write(() => writeSettings(values, by, context.clock())),

    readEvents: (filter) => read(() => readEvents(filter)),
    lastEventSeq: () => read(() => lastEventSeq()),
    changes: (signal) => store.changes(signal),
  };
}
