import { signal, type ReadonlySignal } from "@preact/signals";
import type { LogRecord } from "@keruta/shared/domain";
import type { Api } from "../api/api.ts";
import { follow, type ConnectionState } from "../api/follow.ts";
import type { LogSource } from "./log-source.ts";
import {
  addLive,
  addNewer,
  addOlder,
  emptyWindow,
  lastOfAll,
  pageLines,
  type LogWindow,
} from "./log-window.ts";

/** Where to look: at an end, or around a line. */
export type LogPlace = "start" | "end" | number;

interface LogView {
  /** undefined: nothing was read yet. */
  readonly window: LogWindow | undefined;
  /** Where it was opened; another object each time it is opened anew. */
  readonly opened: { readonly at: LogPlace };
  readonly isFollowing: boolean;
  readonly problem: Error | undefined;
}

export interface LogSession {
  readonly view: ReadonlySignal<LogView>;
  readonly connection: ReadonlySignal<ConnectionState>;
  open(at: LogPlace): void;
  /** Reads a page at an end of the window, unless one is on its way. */
  more(side: "older" | "newer"): void;
  setFollowing(isFollowing: boolean): void;
  /** Goes on where a refusal ended it: whoever reads may again. */
  resume(): void;
  close(): void;
}

/** One log as it is looked at: a window that moves over it, and the stream of what comes. */
export function createLogSession(api: Api, source: LogSource, isLive: boolean, at: LogPlace): LogSession {
  const stop = new AbortController();
  const view = signal<LogView>({
    window: undefined,
    opened: { at },
    isFollowing: at === "end",
    problem: undefined,
  });
  const connection = signal<ConnectionState>(isLive ? "connecting" : "ended");
  let opening = new AbortController();
  let isReading = false;
  let isStreaming = false;

  const change = (part: Partial<LogView>) => {
    view.value = { ...view.peek(), ...part };
  };
  const update = (next: (window: LogWindow) => LogWindow) => {
    change({ window: next(view.peek().window ?? emptyWindow) });
  };
  const failed = (error: unknown, within: AbortSignal) => {
    if (within.aborted) return;
    change({ problem: error instanceof Error ? error : new Error(String(error)) });
  };

  const stream = (after: number) => {
    if (!isLive || isStreaming) return;
    isStreaming = true;
    follow(api, {
      path: source.path,
      query: source.filter,
      after: String(after),
      signal: stop.signal,
      onState: (state) => {
        connection.value = state;
      },
      onMessages: (messages) => {
        const records = messages
          .filter(({ event }) => event === "Log")
          .map(({ data }) => JSON.parse(data) as LogRecord);
        if (records.length > 0) update((window) => addLive(window, records, view.peek().isFollowing));
        return messages.some(({ event }) => event === "End");
      },
    }).catch((error: unknown) => {
      isStreaming = false;
      connection.value = "ended";
      failed(error, stop.signal);
    });
  };

  const open = (place: LogPlace) => {
    opening.abort();
    opening = new AbortController();
    const within = AbortSignal.any([stop.signal, opening.signal]);
    isReading = true;
    void read(source, place, within)
      .then((window) => {
        if (within.aborted) return;
        const lastKnown = Math.max(window.lastKnown, view.peek().window?.lastKnown ?? 0);
        // More may have come over the stream while the end was read.
        const atEnd = window.atEnd && lastOfAll(window.records) >= lastKnown;
        change({
          window: { ...window, lastKnown, atEnd },
          opened: { at: place },
          isFollowing: place === "end",
          problem: undefined,
        });
        stream(lastKnown);
      })
      .catch((error: unknown) => {
        failed(error, within);
      })
      .finally(() => {
        if (!within.aborted) isReading = false;
      });
  };

  const more = (side: "older" | "newer") => {
    const { window } = view.peek();
    if (isReading || !window || (side === "older" ? window.atStart : window.atEnd)) return;
    isReading = true;
    const within = AbortSignal.any([stop.signal, opening.signal]);
    const first = window.records[0]?.sequence;
    const page =
      side === "older"
        ? source.before(first, pageLines, within)
        : source.after(lastOfAll(window.records), pageLines, within);
    void page
      .then((records) => {
        if (within.aborted) return;
        const isLast = records.length < pageLines;
        update((now) =>
          side === "older"
            ? addOlder(now, records, isLast || records[0]?.sequence === 1)
            : addNewer(now, records, isLast),
        );
      })
      .catch((error: unknown) => {
        failed(error, within);
      })
      .finally(() => {
        if (!within.aborted) isReading = false;
      });
  };

  open(at);
  return {
    view,
    connection,
    open,
    more,
    setFollowing(isFollowing) {
      const { window, isFollowing: was } = view.peek();
      if (was === isFollowing) return;
      change({ isFollowing, ...(window && isFollowing && { window: { ...window, unseen: 0 } }) });
    },
    resume() {
      const { window, opened, problem } = view.peek();
      if (!problem) return;
      change({ problem: undefined });
      if (window) stream(window.lastKnown);
      else open(opened.at);
    },
    close() {
      stop.abort();
    },
  };
}

async function read(source: LogSource, place: LogPlace, within: AbortSignal): Promise<LogWindow> {
  if (place === "end") {
    const records = await source.before(undefined, pageLines, within);
    const lastKnown = lastOfAll(records);
    const atStart = records.length < pageLines || records[0]?.sequence === 1;
    return { records, atStart, atEnd: true, lastKnown, unseen: 0 };
  }
  const target = place === "start" ? 1 : place;
  const [older, newer, end] = await Promise.all([
    target === 1 ? [] : source.before(target, pageLines / 4, within),
    source.after(target - 1, pageLines, within),
    source.before(undefined, 1, within),
  ]);
  const records = [...older, ...newer];
  const lastKnown = Math.max(lastOfAll(end), lastOfAll(records));
  return {
    records,
    atStart: older.length < pageLines / 4,
    atEnd: newer.length < pageLines && lastOfAll(records) >= lastKnown,
    lastKnown,
    unseen: 0,
  };
}
