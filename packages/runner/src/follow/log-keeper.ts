import {
  createLineLevels,
  isDebug,
  lastSequenceOf,
  type GapEntry,
  type KerutaError,
  type LevelDetector,
  type LineLevels,
  type LogEntry,
  type LogSummary,
} from "@keruta/shared/domain";
import type { Lease, LogPosition, LogStore } from "@keruta/shared/queue";
import { createBackoff } from "./backoff.ts";
import { positionAfter } from "./log-position.ts";
import type { StoredDigest } from "./stored-digest.ts";
import { openStoredLog } from "./stored-log.ts";

/**
 * Entries after a sequence, in batches, as far as the agent's own copy has them. It returns true where that will never
 * have more.
 */
export type ReadSpool = (afterSequence: number) => AsyncIterable<readonly LogEntry[], boolean | void>;

/** Takes entries as the agent numbered them; which level each has is said here, in the order of the log. */
export interface LogKeeper {
  /** Up to where the log is certain. All of it is stored, but for what is held back. */
  readonly position: LogPosition;
  /** Of all bytes up to the position; null where some were not seen here. */
  readonly digest: StoredDigest | null;
  /** A gap record stands for bytes that could not be had. */
  readonly hasLoss: boolean;
  /** True while nothing can be stored, for lack of space. */
  readonly isFull: boolean;
  /** Milliseconds since 1970 of the last certain entry; null where there is none. */
  readonly lastTime: number | null;
  /** Holds entries back from the queue until `confirm`, and shows them at once where they are few. */
  show(entries: readonly LogEntry[]): Promise<void>;
  /** Stores what is held back, and shows the rest of it: a mark agreed. */
  confirm(): Promise<void>;
  /** Forgets what is held back; of these sequences what was shown is not shown again. */
  discard(): void;
  /** Stores entries that are certain, and shows the ones not yet shown. */
  store(entries: readonly LogEntry[]): Promise<void>;
  /** Takes in, and shows, what others have stored after the position. */
  catchUp(): Promise<void>;
  /**
   * Where nothing could be stored: tries again from the spool, if it is time to or `now`. What that does not have, or all
   * where there is no spool (null), becomes a gap.
   */
  resume(readSpool: ReadSpool | null, now?: boolean): Promise<void>;
  /** Stores what is held back because it may go on. */
  flush(): Promise<void>;
  /**
   * Stores a gap for what is certain and could not be stored, and then `gap`. Throws KRT_USAGE where others have brought
   * entries meanwhile.
   */
  giveUp(gap: GapEntry | null): Promise<void>;
  summary(complete: boolean): LogSummary;
}

export interface LogKeeperOptions {
  readonly queue: LogStore;
  readonly lease: Lease;
  readonly detect: LevelDetector;
  /** Lines of level DEBUG are neither shown nor stored. */
  readonly dropDebug: boolean;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly show: (entries: readonly LogEntry[]) => Promise<void>;
  /** There is no space; told once. */
  readonly onFull: (error: KerutaError) => void;
}

/**
 * More than this between two marks is not shown before it is certain. Lines that a kubelet leaves out, as it may where it
 * rotates the file of much output, are seen at the next mark only; what was shown until then would have been others.
 */
const burstBytes = 64 << 10;

/** A burst is not made into one text. */
const shownAtOnce = 1000;

/** Brings an attempt's entries to the watcher at once and to the queue when they are certain, each once. */
export async function createLogKeeper(options: LogKeeperOptions): Promise<LogKeeper> {
  const { detect, dropDebug, clock } = options;
  const backoff = createBackoff(clock);
  let wasTold = false;
  const onFull = (error: KerutaError) => {
    backoff.failed();
    if (!wasTold) options.onFull(error);
    wasTold = true;
  };
  const stored = await openStoredLog({ ...options, onFull });
  let certain = stored.position;
  let { lastTime } = stored;
  let shown = certain.sequence;
  /** Of the certain entries; and of the tentative ones after them, where there are some. */
  let levels = createLineLevels(detect, stored.open);
  let tentativeLevels: LineLevels | undefined;
  let tentative: LogEntry[] = [];
  let tentativeBytes = 0;
  /** What came last between two marks was one. */
  let wasBurst = false;

  const isFresh = (entry: LogEntry) => lastSequenceOf(entry) > certain.sequence;
  const advance = (entries: readonly LogEntry[]) => {
    certain = positionAfter(certain, entries);
    lastTime = entries.at(-1)?.time ?? lastTime;
  };
  const append = async (entries: readonly LogEntry[]) => {
    if (entries.length === 0) return;
    advance(entries);
    if (stored.isFull) return;
    await stored.append(entries);
    if (!stored.isFull) backoff.succeeded();
  };
  const showNew = async (entries: readonly LogEntry[]) => {
    const unseen = entries.filter((entry) => lastSequenceOf(entry) > shown);
    const last = unseen.at(-1);
    if (!last) return;
    shown = lastSequenceOf(last);
    const wanted = dropDebug ? unseen.filter((entry) => !isDebug(entry)) : unseen;
    for (let at = 0; at < wanted.length; at += shownAtOnce)
      await options.show(wanted.slice(at, at + shownAtOnce));
  };
  const discard = () => {
    if (tentative.length > 0) wasBurst = tentativeBytes > burstBytes;
    tentative = [];
    tentativeBytes = 0;
    tentativeLevels = undefined;
  };

  /** From the spool, on from where the queue stands. */
  const bringFromSpool = async (readSpool: ReadSpool) => {
    const again = createLineLevels(detect, stored.open);
    let next = stored.position.sequence + 1;
    for await (const batch of readSpool(stored.position.sequence)) {
      const wanted = batch.filter(({ sequence }) => sequence >= next);
      const [first] = wanted;
      if (!first) continue;
      if (first.sequence !== next) return;
      const entries = wanted.map((entry) => again.judge(entry));
      next += entries.length;
      const fresh = entries.filter(isFresh);
      for (const entry of fresh) levels.pass(entry);
      advance(fresh);
      await stored.append(entries);
      await showNew(fresh);
      if (stored.isFull) return;
    }
  };
  /** For what is certain and was not taken to the queue. */
  const gapBehind = (): GapEntry | null => {
    const { sequence, stdoutBytes, stderrBytes } = stored.isFull ? stored.position : stored.reached;
    if (sequence >= certain.sequence) return null;
    return {
      kind: "gap",
      sequence: sequence + 1,
      lastSequence: certain.sequence,
      time: clock(),
      stdoutBytes: certain.stdoutBytes - stdoutBytes,
      stderrBytes: certain.stderrBytes - stderrBytes,
      reason: "disk-full",
      why: "there was no space left on the queue's disk",
    };
  };

  return {
    get position() {
      return certain;
    },
    get digest() {
      return stored.whole;
    },
    get hasLoss() {
      return stored.hasLoss;
    },
    get isFull() {
      return stored.isFull;
    },
    get lastTime() {
      return lastTime;
    },
    async show(entries) {
      const judge = (tentativeLevels ??= createLineLevels(detect, levels.open));
      const judged = entries.map((entry) => judge.judge(entry));
      for (const entry of judged) tentative.push(entry);
      tentativeBytes += outputBytes(judged);
      if (!wasBurst && tentativeBytes <= burstBytes) await showNew(judged);
    },
    async confirm() {
      const fresh = tentative.filter(isFresh);
      if (fresh.length > 0) levels = tentativeLevels ?? levels;
      discard();
      await append(fresh);
      await showNew(fresh);
    },
    discard,
    async store(entries) {
      const fresh = entries.filter(isFresh).map((entry) => levels.judge(entry));
      if (fresh.length > 0) wasBurst = outputBytes(fresh) > burstBytes;
      await append(fresh);
      await showNew(fresh);
    },
    async catchUp() {
      for await (const entry of stored.readOthers()) {
        if (!isFresh(entry)) continue;
        levels.pass(entry);
        certain = stored.position;
        ({ lastTime } = stored);
        await showNew([entry]);
      }
    },
    async resume(readSpool, now = false) {
      if (!stored.isFull || !(now || backoff.isDue())) return;
      stored.restart();
      try {
        if (readSpool) await bringFromSpool(readSpool);
      } catch (error) {
        stored.halt();
        backoff.failed();
        throw error;
      }
      const gap = stored.isFull ? null : gapBehind();
      if (gap) stored.hold(gap);
    },
    flush: () => stored.flush(),
    async giveUp(gap) {
      await stored.flush();
      const behind = gapBehind();
      if (behind) await stored.appendGap(behind);
      if (!gap) return;
      await stored.appendGap(gap);
      advance([gap]);
      levels.pass(gap);
      await showNew([gap]);
    },
    summary(complete) {
      const { digest, hasLoss } = stored;
      return {
        bytes: digest.stream("stdout").bytes + digest.stream("stderr").bytes,
        sha256: digest.sha256(),
        complete: complete && !hasLoss,
      };
    },
  };
}

function outputBytes(entries: readonly LogEntry[]): number {
  let bytes = 0;
  for (const entry of entries) if (entry.kind === "output") bytes += entry.bytes.length;
  return bytes;
}
