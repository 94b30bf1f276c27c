import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startTimer } from "./start-timer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const day = 24 * 60 * 60 * 1000;

test.each([1000, 24 * day, 30 * day, 365 * day])("a timer of %d ms fires then, once", (milliseconds) => {
  const act = vi.fn<() => void>();
  startTimer(milliseconds, act);
  vi.advanceTimersByTime(milliseconds - 1);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

test("one that is cancelled never fires, also after the longest that Node waits", () => {
  const act = vi.fn<() => void>();
  const cancel = startTimer(60 * day, act);
  vi.advanceTimersByTime(30 * day);
  cancel();
  vi.advanceTimersByTime(60 * day);
  expect(act).not.toHaveBeenCalled();
});
