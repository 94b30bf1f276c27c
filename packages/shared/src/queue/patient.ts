import { setTimeout as pause } from "node:timers/promises";
import { isKerutaError, mayRetry, type KerutaError } from "../domain/error.ts";
import { hasOnlyGaps, lastSequenceOf, type LogEntry } from "../domain/log/entry.ts";
import type { LogQuery, Queue } from "./queue.ts";

export interface PatienceOptions {
  /** Milliseconds, of any origin. */
  readonly clock: () => number;
  /** How long a call is made again. Default 60,000: a lease, after which others take over. */
  readonly patienceMilliseconds?: number;
  /** Called when calls begin to fail, and not again until one has succeeded. */
  readonly onTrouble?: (error: KerutaError) => void;
}

/** Which calls that failed for a reason that passes are made again. */
type Policy =
  /** Those of which nothing was stored: a second time would do more than the first. */
  | "once"
  /** Also those that may have been stored: a second time changes nothing, or nothing that matters. */
  | "repeatable"
  /** And those for which there was no space: what an attempt ends with waits for it. */
  | "vital";

/** Between two tries: long enough for a server that starts, short enough not to be noticed. */
const firstPause = 50;
const longestPause = 1000;

/**
 * A queue for whoever would rather wait than give up what runs: a call that failed for a reason that passes is made
 * again, as far as the policy of its method goes.
 */
export function patientQueue(queue: Queue, options: PatienceOptions): Queue {
  const { clock, patienceMilliseconds = 60_000, onTrouble } = options;
  let isTroubled = false;

  const tried = async <T>(policy: Policy, call: () => Promise<T>): Promise<T> => {
    const start = clock();
    for (let delay = firstPause; ; delay = Math.min(delay * 2, longestPause)) {
      try {
        const result = await call();
        isTroubled = false;
        return result;
      } catch (error) {
        const mayBeStored = isKerutaError(error) && error.details?.["stored"] === "unknown";
        const isOver = clock() - start + delay > patienceMilliseconds;
        const passes = mayRetry(error) || (policy === "vital" && isKerutaError(error, "KRT_DB_FULL"));
        if (!isKerutaError(error) || !passes || (mayBeStored && policy === "once") || isOver) throw error;
        if (!isTroubled) onTrouble?.(error);
        isTroubled = true;
        await pause(delay);
      }
    }
  };
  const under =
    (policy: Policy) =>
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    (...args: A) =>
      tried(policy, () => call(...args));
  const once = under("once");
  const repeatable = under("repeatable");
  const vital = under("vital");

  return {
    uid: queue.uid,
    name: queue.name,
    close: () => queue.close(),

    addTask: (task) => {
      const isRepeatable = task.requestId !== undefined && task.claim === undefined;
      return tried(isRepeatable ? "repeatable" : "once", () => queue.addTask(task));
    },
    getTask: repeatable((id) => queue.getTask(id)),
    resolveTaskId: repeatable((reference) => queue.resolveTaskId(reference)),
    listTasks: repeatable((filter) => queue.listTasks(filter)),
    updateTask: repeatable((id, change) => queue.updateTask(id, change)),
    cancelTask: repeatable((id, by) => queue.cancelTask(id, by)),
    retryTask: once((id, by) => queue.retryTask(id, by)),
    deleteTask: once((id) => queue.deleteTask(id)),
    queueStatus: repeatable((namespaces) => queue.queueStatus(namespaces)),
    setPaused: repeatable((paused) => queue.setPaused(paused)),
    listLabels: repeatable((namespaces) => queue.listLabels(namespaces)),

    claim: once((request) => queue.claim(request)),
    localRun: repeatable((taskId, attempt) => queue.localRun(taskId, attempt)),
    renewLease: repeatable((lease) => queue.renewLease(lease)),
    releaseLease: once((lease) => queue.releaseLease(lease)),
    recordAttempt: vital((lease, change) => queue.recordAttempt(lease, change)),
    recordProgress: repeatable((lease, progress) => queue.recordProgress(lease, progress)),
    makeAgentToken: repeatable((lease) => queue.makeAgentToken(lease)),
    attemptReport: repeatable((taskId, attempt) => queue.attemptReport(taskId, attempt)),
    settle: vital((...all: Parameters<Queue["settle"]>) => queue.settle(...all)),
    announceDriver: repeatable((holder) => queue.announceDriver(holder)),
    listDrivers: repeatable(() => queue.listDrivers()),
    withdrawDriver: repeatable((holder) => queue.withdrawDriver(holder)),

    appendLog: (lease, entries) =>
      tried(hasOnlyGaps(entries) ? "vital" : "repeatable", () => queue.appendLog(lease, entries)),
    readLog: (query) =>
      readPatiently(
        query,
        (rest) => queue.readLog(rest),
        (call) => tried("repeatable", call),
      ),

    recordArtifacts: vital((lease, files, summary) => queue.recordArtifacts(lease, files, summary)),
    listArtifacts: repeatable((...all: Parameters<Queue["listArtifacts"]>) => queue.listArtifacts(...all)),

    readSettings: repeatable(() => queue.readSettings()),
    writeSettings: repeatable((values, by) => queue.writeSettings(values, by)),

    readEvents: repeatable((filter) => queue.readEvents(filter)),
    lastEventSeq: repeatable(() => queue.lastEventSeq()),
    changes: (signal) => queue.changes(signal),
  };
}

type Repeat = <T>(call: () => Promise<T>) => Promise<T>;

/** Goes on after the last entry that was given out; but not in the middle of lines that are judged as a whole. */
async function* readPatiently(
  query: LogQuery,
  read: (rest: LogQuery) => AsyncIterable<LogEntry>,
  repeat: Repeat,
): AsyncGenerator<LogEntry> {
  let entries = read(query)[Symbol.asyncIterator]();
  let rest = query;
  const next = async () => {
    try {
      return await entries.next();
    } catch (error) {
      entries = read(rest)[Symbol.asyncIterator]();
      throw error;
    }
  };
  try {
    for (;;) {
      const isJudged = (query.grep ?? query.keyword) !== undefined && rest !== query;
      const result = await (isJudged ? next() : repeat(next));
      if (result.done === true) return;
      yield result.value;
      const { tail: _, ...others } = rest;
      rest = { ...others, afterSequence: lastSequenceOf(result.value) };
    }
  } finally {
    await entries.return?.();
  }
}
