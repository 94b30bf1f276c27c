import { lastSequenceOf, type LogEntry, type LogSummary } from "@keruta/shared/domain";
import type { Lease, LogPosition, LogStore } from "@keruta/shared/queue";
import { createStoredDigest, type StoredDigest } from "./stored-digest.ts";

export interface LogKeeper {
  /** Stored and certain. */
  readonly position: LogPosition;
  readonly digest: StoredDigest;
  readonly hasGap: boolean;
  /** Milliseconds since 1970 of the last entry stored; null where there is none. */
  readonly lastTime: number | null;
  /** Shows entries at once and holds them back from the queue until `confirm`. */
  show(entries: readonly LogEntry[]): Promise<void>;
  /** Stores what was shown: a mark agreed. */
  confirm(): Promise<void>;
  /** Forgets what was shown since the last mark; entries with these sequences are not shown again. */
  discard(): void;
  /** Stores entries that are certain, and shows the ones not yet shown. */
  store(entries: readonly LogEntry[]): Promise<void>;
  summary(complete: boolean): LogSummary;
}

export interface LogKeeperOptions {
  readonly queue: LogStore;
  readonly lease: Lease;
  readonly position: LogPosition;
  readonly show: (entries: readonly LogEntry[]) => Promise<void>;
}

/** Brings an attempt's entries to the watcher at once and to the queue when they are certain, each once. */
export async function createLogKeeper({
  queue,
  lease,
  position,
  show,
}: LogKeeperOptions): Promise<LogKeeper> {
  const digest = createStoredDigest();
  let stored = position;
  let hasGap = false;
  let lastTime: number | null = null;
  for await (const entry of queue.readLog({ taskId: lease.taskId, attempt: lease.attempt })) {
    digest.add(entry);
    hasGap ||= entry.kind === "gap";
    lastTime = entry.time;
  }
  let shown = stored.sequence;
  let tentative: LogEntry[] = [];

  const append = async (entries: readonly LogEntry[]) => {
    if (entries.length === 0) return;
    stored = await queue.appendLog(lease, entries);
    for (const entry of entries) {
      digest.add(entry);
      hasGap ||= entry.kind === "gap";
      lastTime = entry.time;
    }
  };
  const showNew = async (entries: readonly LogEntry[]) => {
    const unseen = entries.filter((entry) => lastSequenceOf(entry) > shown);
    const last = unseen.at(-1);
    if (!last) return;
    shown = lastSequenceOf(last);
    await show(unseen);
  };

  return {
    get position() {
      return stored;
    },
    digest,
    get hasGap() {
      return hasGap;
    },
    get lastTime() {
      return lastTime;
    },
    async show(entries) {
      tentative.push(...entries);
      await showNew(entries);
    },
    async confirm() {
      const certain = tentative;
      tentative = [];
      await append(certain);
    },
    discard() {
      tentative = [];
    },
    async store(entries) {
      const fresh = entries.filter((entry) => lastSequenceOf(entry) > stored.sequence);
      await append(fresh);
      await showNew(fresh);
    },
    summary: (complete) => ({
      bytes: digest.stream("stdout").bytes + digest.stream("stderr").bytes,
      sha256: digest.sha256(),
      complete: complete && !hasGap,
    }),
  };
}
