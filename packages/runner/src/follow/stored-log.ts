import {
  createDebugDropper,
  createLineLevels,
  isKerutaError,
  isLoss,
  lastSequenceOf,
  type GapEntry,
  type KerutaError,
  type LevelDetector,
  type LogEntry,
  type OpenLines,
} from "@keruta/shared/domain";
import type { Lease, LogPosition, LogStore } from "@keruta/shared/queue";
import { createStoredDigest, type StoredDigest } from "./stored-digest.ts";
import { entriesAfter, logStart, positionAfter, positionBefore } from "./log-position.ts";

/** An attempt's log in the queue, as this driver knows it and brings it on. */
export interface StoredLog {
  readonly position: LogPosition;
  /** Up to where entries were taken: some may be held back, because they go on. */
  readonly reached: LogPosition;
  /** Milliseconds since 1970 of the last entry stored; null where there is none. */
  readonly lastTime: number | null;
  /** Of what is stored. */
  readonly digest: StoredDigest;
  /** Of all bytes, also of those dropped by a setting; null where not all of these were seen. */
  readonly whole: StoredDigest | null;
  readonly hasLoss: boolean;
  /** The lines that it is in the middle of. */
  readonly open: OpenLines;
  /** True from a write that found no space on, until `restart`: nothing is stored meanwhile. */
  readonly isFull: boolean;
  /** Stores judged entries that come next. */
  append(entries: readonly LogEntry[]): Promise<void>;
  /** Takes a gap that is stored with the entry that comes next. */
  hold(gap: GapEntry): void;
  /** Stores what is held back. */
  flush(): Promise<void>;
  /** Stores a gap at once, or notes the loss where even for that there is no space. KRT_USAGE: others were quicker. */
  appendGap(gap: GapEntry): Promise<void>;
  /** What others have stored after the position. */
  readOthers(): AsyncGenerator<LogEntry>;
  /** Nothing more is stored, until `restart`. */
  halt(): void;
  /** Goes on from the position. */
  restart(): void;
}

export interface StoredLogOptions {
  readonly queue: LogStore;
  readonly lease: Lease;
  readonly detect: LevelDetector;
  readonly dropDebug: boolean;
  readonly onFull: (error: KerutaError) => void;
}

/** Others store between a read and a write of ours, but not for ever. */
const maxRounds = 5;

export async function openStoredLog(options: StoredLogOptions): Promise<StoredLog> {
  const { queue, lease, detect, dropDebug, onFull } = options;
  const digest = createStoredDigest();
  const levels = createLineLevels(detect);
  const dropper = dropDebug ? createDebugDropper() : null;
  let whole: StoredDigest | null = dropper ? createStoredDigest() : digest;
  let position = logStart;
  let reached = logStart;
  let pending: readonly LogEntry[] = [];
  let lastTime: number | null = null;
  let hasLoss = false;
  let isFull = false;

  const take = (entries: readonly LogEntry[]) => {
    for (const entry of entries) {
      digest.add(entry);
      levels.pass(entry);
      if (entry.kind === "gap") hasLoss ||= isLoss(entry);
    }
    position = positionAfter(position, entries);
    lastTime = entries.at(-1)?.time ?? lastTime;
  };
  const takeOthers = (entry: LogEntry) => {
    const isSeen = lastSequenceOf(entry) <= reached.sequence;
    take([entry]);
    if (!isSeen && entry.kind === "gap" && !isLoss(entry)) whole = null;
    else if (!isSeen && dropper) whole?.add(entry);
    if (position.sequence < reached.sequence) return;
    reached = position;
    forgetHeld();
  };
  const forgetHeld = () => {
    dropper?.flush();
    pending = [];
  };
  async function* readOthers(): AsyncGenerator<LogEntry> {
    const { taskId, attempt } = lease;
    for await (const entry of queue.readLog({ taskId, attempt, afterSequence: position.sequence })) {
      takeOthers(entry);
      yield entry;
    }
  }
  for await (const _ of readOthers());

  const put = async (entries: readonly LogEntry[], end: LogPosition) => {
    for (let round = 1; ; round += 1) {
      const rest = entriesAfter(entries, end, position);
      if (rest.length === 0) return;
      try {
        await queue.appendLog(lease, rest);
        take(rest);
        return;
      } catch (error) {
        // The agent brought entries in between: they are taken in first.
        if (!isKerutaError(error, "KRT_USAGE") || round === maxRounds) throw error;
        for await (const _ of readOthers());
      }
    }
  };
  /** Without space the log is held back here, and the command goes on. */
  const tryPut = async (entries: readonly LogEntry[], end: LogPosition) => {
    try {
      await put(entries, end);
    } catch (error) {
      if (!isKerutaError(error, "KRT_DB_FULL")) throw error;
      halt();
      onFull(error);
    }
  };
  const halt = () => {
    isFull = true;
    forgetHeld();
    // What was dropped is to come again, and would be counted twice.
    if (dropper) whole = null;
  };
  const flush = async () => {
    const held = [...pending, ...(dropper?.flush() ?? [])];
    pending = [];
    if (held.length > 0) await tryPut(held, reached);
  };

  return {
    get position() {
      return position;
    },
    digest,
    get reached() {
      return reached;
    },
    get lastTime() {
      return lastTime;
    },
    get whole() {
      return whole;
    },
    get hasLoss() {
      return hasLoss;
    },
    get open() {
      return levels.open;
    },
    get isFull() {
      return isFull;
    },
    async append(entries) {
      const fresh = entries.filter((entry) => lastSequenceOf(entry) > reached.sequence);
      reached = positionAfter(reached, fresh);
      if (dropper) for (const entry of fresh) whole?.add(entry);
      const kept = dropper ? dropper.push(fresh) : fresh;
      if (kept.length === 0) return;
      const all = [...pending, ...kept];
      pending = [];
      await tryPut(all, dropper?.held ? positionBefore(reached, dropper.held) : reached);
    },
    hold(gap) {
      pending = [...pending, ...(dropper?.flush() ?? []), gap];
      reached = positionAfter(reached, [gap]);
    },
    flush,
    async appendGap(gap) {
      try {
        await queue.appendLog(lease, [gap]);
        take([gap]);
        reached = position;
      } catch (error) {
        if (!isKerutaError(error, "KRT_DB_FULL")) throw error;
        // The result matters more, and says that the log is not complete.
        hasLoss = true;
        onFull(error);
      }
    },
    readOthers,
    halt,
    restart() {
      isFull = false;
      reached = position;
    },
  };
}
