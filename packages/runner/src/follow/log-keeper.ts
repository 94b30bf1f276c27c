import { lastSequenceOf, type LogEntry, type LogSummary } from "@keruta/shared/domain";
import type { Lease, LogPosition, LogStore } from "@keruta/shared/queue";
import { createStoredDigest, type StoredDigest } from "./stored-digest.ts";

export interface LogKeeper {
  /** Up to where this keeper knows the stored log; an agent that brings its log itself may be ahead. */
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
  /** Takes in, and shows, what others have stored after the position. */
  catchUp(): Promise<void>;
  summary(complete: boolean): LogSummary;
}

export interface LogKeeperOptions {
  readonly queue: LogStore;
  readonly lease: Lease;
  readonly show: (entries: readonly LogEntry[]) => Promise<void>;
}

/** Brings an attempt's entries to the watcher at once and to the queue when they are certain, each once. */
export async function createLogKeeper({ queue, lease, show }: LogKeeperOptions): Promise<LogKeeper> {
  const digest = createStoredDigest();
  let stored: LogPosition = { sequence: 0, stdoutBytes: 0, stderrBytes: 0 };
  let hasGap = false;
  let lastTime: number | null = null;
  const take = (entry: LogEntry) => {
    digest.add(entry);
    stored = positionAfter(stored, entry);
    hasGap ||= entry.kind === "gap";
    lastTime = entry.time;
  };
  const others = () => {
    const { taskId, attempt } = lease;
    return queue.readLog({ taskId, attempt, afterSequence: stored.sequence });
  };
  for await (const entry of others()) take(entry);
  let shown = stored.sequence;
  let tentative: LogEntry[] = [];

  const append = async (entries: readonly LogEntry[]) => {
    const fresh = entries.filter((entry) => lastSequenceOf(entry) > stored.sequence);
    if (fresh.length === 0) return;
    await queue.appendLog(lease, fresh);
    for (const entry of fresh) take(entry);
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
    async catchUp() {
      for await (const entry of others()) {
        take(entry);
        await showNew([entry]);
      }
    },
    summary: (complete) => ({
      bytes: digest.stream("stdout").bytes + digest.stream("stderr").bytes,
      sha256: digest.sha256(),
      complete: complete && !hasGap,
    }),
  };
}

function positionAfter({ stdoutBytes, stderrBytes }: LogPosition, entry: LogEntry): LogPosition {
  const [stdout, stderr] = bytesOf(entry);
  return {
    sequence: lastSequenceOf(entry),
    stdoutBytes: stdoutBytes + stdout,
    stderrBytes: stderrBytes + stderr,
  };
}

function bytesOf(entry: LogEntry): readonly [stdout: number, stderr: number] {
  if (entry.kind === "control") return [0, 0];
  if (entry.kind === "gap") return [entry.stdoutBytes ?? 0, entry.stderrBytes ?? 0];
  const bytes = entry.bytes.length + (entry.newline ? 1 : 0);
  return entry.stream === "stdout" ? [bytes, 0] : [0, bytes];
}
