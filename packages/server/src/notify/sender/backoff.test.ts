import { expect, test } from "vitest";
import { retryDelay } from "./backoff.ts";

test.each([
  [1, null, 0, 2500],
  [1, null, 1, 5000],
  [2, null, 1, 10_000],
  [5, null, 0.5, 60_000],
  [20, null, 1, 900_000],
  [1000, null, 0, 450_000],
  [1, 120_000, 1, 120_000],
  [8, 1000, 1, 640_000],
])("after %i tries, Retry-After %s, spread %s: %i ms", (tries, retryAfter, spread, milliseconds) => {
  expect(retryDelay(tries, retryAfter, spread)).toBe(milliseconds);
});
