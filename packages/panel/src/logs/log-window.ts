import type { LogRecord } from "@keruta/shared/domain";

/** The part of a log that is in memory, however long the log is. */
export interface LogWindow {
  /** In order of sequence, without a hole but for what the filter leaves out. */
  readonly records: readonly LogRecord[];
  /** Whether there is nothing before, and nothing after. */
  readonly atStart: boolean;
  readonly atEnd: boolean;
  /** Of the last record that was heard of, in the window or after it. */
  readonly lastKnown: number;
  /** Records that came while nobody followed. */
  readonly unseen: number;
}

export const pageLines = 400;
export const mostRecords = 1200;

export const emptyWindow: LogWindow = { records: [], atStart: true, atEnd: true, lastKnown: 0, unseen: 0 };

function lastOf({ sequence, gap }: LogRecord): number {
  return gap ? gap.lastSequence : sequence;
}

/** Puts a page in front; what is too much leaves at the end. */
export function addOlder(window: LogWindow, page: readonly LogRecord[], atStart: boolean): LogWindow {
  const all = [...page, ...window.records];
  const isCut = all.length > mostRecords;
  return {
    ...window,
    records: isCut ? all.slice(0, mostRecords) : all,
    atStart,
    atEnd: window.atEnd && !isCut,
  };
}

/** Puts a page behind; what is too much leaves at the beginning. `isLast`: the log had no more when it was read. */
export function addNewer(window: LogWindow, page: readonly LogRecord[], isLast: boolean): LogWindow {
  const all = [...window.records, ...page];
  const end = lastOfAll(all);
  const isCut = all.length > mostRecords;
  return {
    ...window,
    records: isCut ? all.slice(-mostRecords) : all,
    atStart: window.atStart && !isCut,
    // What came over the stream meanwhile is not in the page.
    atEnd: isLast && end >= window.lastKnown,
    lastKnown: Math.max(window.lastKnown, end),
  };
}

/** Takes what comes over the stream: while it is followed the beginning makes room, else what is read stays. */
export function addLive(window: LogWindow, arrived: readonly LogRecord[], isFollowing: boolean): LogWindow {
  // After a connection that broke the stream goes on behind what was heard; a record that comes twice is one.
  const news = arrived.filter((record) => record.sequence > window.lastKnown);
  const last = news.at(-1);
  if (!last) return window;
  const lastKnown = lastOf(last);
  const unseen = isFollowing ? 0 : window.unseen + news.length;
  if (!window.atEnd) return { ...window, lastKnown, unseen };
  const all = [...window.records, ...news];
  if (all.length <= mostRecords) return { ...window, records: all, lastKnown, unseen };
  if (isFollowing) return { ...window, records: all.slice(-mostRecords), atStart: false, lastKnown, unseen };
  return { ...window, records: all.slice(0, mostRecords), atEnd: false, lastKnown, unseen };
}

export function lastOfAll(records: readonly LogRecord[]): number {
  const last = records.at(-1);
  return last ? lastOf(last) : 0;
}

/** Whether a page of an unfiltered log has all records between its first and its last. */
export function isWhole(page: readonly LogRecord[]): boolean {
  return page.every((record, index) => {
    const before = page[index - 1];
    return before === undefined || lastOf(before) + 1 === record.sequence;
  });
}
