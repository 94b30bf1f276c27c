import fc from "fast-check";
import { expect, test } from "vitest";
import { describeDuration, formatDuration, maxDurationMilliseconds, parseDuration } from "./duration.ts";

test.each([
  ["30m", 1_800_000],
  ["1h30m", 5_400_000],
  ["10s", 10_000],
  ["500ms", 500],
  ["30d", 2_592_000_000],
  ["1m1ms", 60_001],
  ["0s", 0],
  ["90m", 5_400_000],
])("reads %s as %i ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([
  "",
  "30",
  "m",
  "1.5h",
  "-1s",
  "30 m",
  "1m1h",
  "1s1s",
  "1w",
  "3651d",
  "99999999999999999999d",
  "１s",
  "1s\n",
])("refuses %j", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test("every canonical text is read back as its milliseconds", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: maxDurationMilliseconds }), (milliseconds) => {
      expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
    }),
  );
});

test.each([
  [0, "0s"],
  [220, "220ms"],
  [1400, "1.4s"],
  [2000, "2s"],
  [59_960, "1m"],
  [21_780_000, "6h 3m"],
])("shows %i ms as %s", (milliseconds, text) => {
  expect(describeDuration(milliseconds)).toBe(text);
});
