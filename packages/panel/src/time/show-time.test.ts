import { expect, test, vi } from "vitest";
import { isToday, showAge, showTimeInZone } from "./show-time.ts";

const now = Date.parse("2026-01-31T12:00:00Z");

test.each([
  ["2026-01-31T11:57:01Z", "en", "2 minutes ago"],
  ["2026-01-31T11:57:00Z", "ja", "3 分前"],
  ["2026-01-31T12:00:00Z", "en", "now"],
  ["2026-01-29T12:00:00Z", "en", "2 days ago"],
  ["2026-01-31T14:00:00Z", "en", "in 2 hours"],
] as const)("%s in %s is %s", (time, language, expected) => {
  expect(showAge(time, now, language)).toBe(expected);
});

test("a time says how far its zone is from UTC, and which it is", () => {
  vi.stubEnv("TZ", "America/St_Johns");
  expect(showTimeInZone("2026-01-31T12:00:00Z", "en")).toBe(
    "2026-01-31 08:30:00 UTC-03:30 (America/St_Johns)",
  );
  vi.stubEnv("TZ", "Asia/Tokyo");
  expect(showTimeInZone("2026-01-31T12:00:00Z", "ja")).toBe("2026/01/31 21:00:00 UTC+09:00 (Asia/Tokyo)");
  vi.unstubAllEnvs();
});

test("today ends with the reader's day", () => {
  const midnight = new Date(2026, 0, 31).getTime();
  expect(isToday(new Date(midnight).toISOString(), midnight + 1000)).toBe(true);
  expect(isToday(new Date(midnight - 1).toISOString(), midnight + 1000)).toBe(false);
});
