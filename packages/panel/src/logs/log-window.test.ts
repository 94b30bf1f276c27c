import type { LogRecord } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import {
  addLive,
  addNewer,
  addOlder,
  emptyWindow,
  isWhole,
  mostRecords,
  type LogWindow,
} from "./log-window.ts";

const records = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, n) => ({ sequence: first + n }) as LogRecord);
const windowOf = (first: number, last: number, change: Partial<LogWindow> = {}): LogWindow => ({
  ...emptyWindow,
  records: records(first, last),
  lastKnown: last,
  ...change,
});
const spanOf = ({ records: all }: LogWindow) => [all[0]?.sequence, all.at(-1)?.sequence, all.length];

test("following keeps the newest, and never more than fit", () => {
  const window = addLive(windowOf(1, mostRecords), records(mostRecords + 1, mostRecords + 50), true);
  expect(spanOf(window)).toEqual([51, mostRecords + 50, mostRecords]);
  expect([window.atStart, window.atEnd, window.unseen]).toEqual([false, true, 0]);
});

test("who reads keeps what is read, and is told how much has come", () => {
  let window = windowOf(1, mostRecords - 10, { atStart: true });
  window = addLive(window, records(mostRecords - 9, mostRecords + 20), false);
  expect(spanOf(window)).toEqual([1, mostRecords, mostRecords]);
  expect([window.atEnd, window.unseen]).toEqual([false, 30]);
  window = addLive(window, records(mostRecords + 21, mostRecords + 25), false);
  expect([spanOf(window)[1], window.unseen, window.lastKnown]).toEqual([mostRecords, 35, mostRecords + 25]);
});

test("what a new connection brings again is taken once", () => {
  const window = addLive(addLive(windowOf(1, 5), records(6, 9), true), records(4, 10), true);
  expect(spanOf(window)).toEqual([1, 10, 10]);
});

test("a page in front pushes the end out, a page behind the beginning, and they meet", () => {
  let window = windowOf(5001, 6200, { atStart: false });
  window = addOlder(window, records(4601, 5000), false);
  expect(spanOf(window)).toEqual([4601, 5800, mostRecords]);
  expect(window.atEnd).toBe(false);
  window = addNewer(window, records(5801, 6200), true);
  expect(spanOf(window)).toEqual([5001, 6200, mostRecords]);
  expect(isWhole(window.records)).toBe(true);
  expect(window.atEnd).toBe(true);
});

test("a last page that the stream has overtaken is not the end", () => {
  const window = addNewer(windowOf(1, 5, { atEnd: false, lastKnown: 9 }), records(6, 8), true);
  expect(window.atEnd).toBe(false);
  expect(addNewer(window, records(9, 9), true).atEnd).toBe(true);
});

test("a gap stands for all that it replaces", () => {
  const gap = { sequence: 3, gap: { lastSequence: 7 } } as LogRecord;
  expect(isWhole([...records(1, 2), gap, ...records(8, 9)])).toBe(true);
  expect(isWhole([...records(1, 2), ...records(8, 9)])).toBe(false);
});
