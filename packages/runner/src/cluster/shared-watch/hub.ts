import type { KerutaError } from "@keruta/shared/domain";
import type { Timers } from "../../stages/timers.ts";
import type { Change, ObjectOf, WatchKind } from "../cluster.ts";
import { createCache } from "./cache.ts";
import { keyOf } from "./keys.ts";
import { createMailbox, type Mailbox } from "./mailbox.ts";

export interface Hub<T> {
  /** What there is of the attempt, then what changes; undefined where it is not known here any more. */
  subscribe(key: string, signal: AbortSignal): AsyncIterable<Change<T>> | undefined;
  close(): Promise<void>;
}

export interface HubOptions<K extends WatchKind> {
  readonly kind: K;
  /** Watches what all attempts have of this kind. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Change<ObjectOf[K]>>;
  readonly timers: Timers;
  /** Attempts without a reader whose objects are kept. */
  readonly idleKeys: number;
  /** Milliseconds that the watch stays open without a reader: the next attempt mostly comes soon. */
  readonly linger: number;
}

/** A Job that was just made may be on its way here; one that is not there after this is told as it is. */
const firstSight = 2000;

interface Reader<T> {
  readonly mailbox: Mailbox<T>;
  /** True until it has got its first snapshot. */
  isNew: boolean;
}

/** One watch, read by many attempts. */
export function createHub<K extends WatchKind>(options: HubOptions<K>): Hub<ObjectOf[K]> {
  type T = ObjectOf[K];
  const { kind, open, timers, idleKeys, linger } = options;
  const cache = createCache<T>(idleKeys);
  const readers = new Map<string, Set<Reader<T>>>();
  let upstream: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  let isKnown = false;
  let interrupted: KerutaError | undefined;
  let stopLingering = () => undefined as void;

  const all = function* () {
    for (const own of readers.values()) yield* own;
  };
  const welcome = (key: string, reader: Reader<T>) => {
    reader.isNew = false;
    reader.mailbox.put({ type: "snapshot", items: cache.list(key) });
    if (interrupted) reader.mailbox.put({ type: "interrupted", error: interrupted });
  };
  const tell = (key: string, change: Change<T>) => {
    for (const reader of readers.get(key) ?? []) {
      if (!reader.isNew) reader.mailbox.put(change);
      else if (isKnown) welcome(key, reader);
    }
  };
  const take = (change: Change<T>) => {
    switch (change.type) {
      case "interrupted":
        interrupted = change.error;
        for (const { mailbox } of all()) mailbox.put(change);
        return;
      case "snapshot": {
        interrupted = undefined;
        isKnown = true;
        cache.clear();
        for (const object of change.items) {
          const key = keyOf(kind, object);
          if (key !== undefined) cache.put(key, object, true);
        }
        for (const [key, own] of readers) for (const reader of own) welcome(key, reader);
        return;
      }
      case "added":
      case "modified":
      case "deleted": {
        const { object } = change;
        const key = keyOf(kind, object);
        if (key === undefined) return;
        if (change.type === "deleted") cache.remove(key, object.metadata.uid);
        else cache.put(key, object, change.type === "added");
        tell(key, { type: change.type, object });
      }
    }
  };
  const forget = () => {
    cache.clear();
    isKnown = false;
    interrupted = undefined;
  };
  const run = async (signal: AbortSignal) => {
    try {
      for await (const change of open(signal)) take(change);
    } catch (error) {
      if (signal.aborted) return;
      // The watches of all attempts would have failed of it; the next reader tries again.
      for (const { mailbox } of all()) mailbox.fail(error);
      upstream = undefined;
      forget();
    }
  };
  const start = () => {
    const stop = new AbortController();
    return { stop, ended: run(stop.signal) };
  };
  const close = async () => {
    stopLingering();
    const last = upstream;
    upstream = undefined;
    last?.stop.abort();
    forget();
    await last?.ended;
  };

  async function* read(key: string, reader: Reader<T>, signal: AbortSignal): AsyncGenerator<Change<T>, void> {
    const own = readers.get(key) ?? new Set();
    readers.set(key, own.add(reader));
    cache.hold(key);
    stopLingering();
    upstream ??= start();
    let stopWaiting = () => undefined as void;
    const mayBeOnItsWay = kind === "jobs" && cache.list(key).length === 0;
    if (isKnown && !mayBeOnItsWay) welcome(key, reader);
    else if (isKnown) {
      stopWaiting = timers.after(firstSight, () => {
        if (reader.isNew && isKnown) welcome(key, reader);
      });
    } else if (interrupted) reader.mailbox.put({ type: "interrupted", error: interrupted });
    try {
      yield* reader.mailbox.read(signal);
    } finally {
      stopWaiting();
      own.delete(reader);
      if (own.size === 0) {
        readers.delete(key);
        cache.letGo(key);
      }
      if (readers.size === 0 && upstream) stopLingering = timers.after(linger, () => void close());
    }
  }

  return {
    subscribe(key, signal) {
      if (cache.wasDropped(key)) return undefined;
      return read(key, { mailbox: createMailbox<T>(), isNew: true }, signal);
    },
    close,
  };
}
