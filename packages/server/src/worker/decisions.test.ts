import fc from "fast-check";
import { expect, test } from "vitest";
import { backOff, claimsWanted, hintPause, parkingTime, sleepUntil } from "./decisions.ts";

const idle = { concurrency: 3, live: 0, parked: 0, isDraining: false };

test.each([
  ["an idle worker", {}, 3],
  ["one with live attempts", { live: 2 }, 1],
  ["a full one", { live: 3 }, 0],
  ["one whose setting was higher before", { live: 5 }, 0],
  ["one that drains", { isDraining: true }, 0],
  ["one of whose attempts one fails", { parked: 1 }, 3],
  ["one whose attempts all fail", { parked: 3 }, 0],
])("%s claims", (_, change, wanted) => {
  expect(claimsWanted({ ...idle, ...change })).toBe(wanted);
});

test("a single slot goes on past one attempt that fails", () => {
  expect(claimsWanted({ ...idle, concurrency: 1, parked: 1 })).toBe(1);
});

test("waits grow and are bounded, whatever chance says", () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), chance, (failures, random) => {
      expect(backOff(failures, random)).toBeGreaterThanOrEqual(250);
      expect(backOff(failures, random)).toBeLessThanOrEqual(30_000);
      // Less than a lease that was renewed a heartbeat ago.
      expect(parkingTime(failures, random)).toBeLessThanOrEqual(45_000);
      expect(parkingTime(failures, random)).toBeGreaterThanOrEqual(3750);
      expect(hintPause(failures)).toBeLessThanOrEqual(hintPause(failures + 1));
      expect(hintPause(failures)).toBeLessThanOrEqual(1000);
    }),
  );
});

test.each([
  [null, 5000],
  [1_000, 1_000],
  [60_000, 5_000],
  [-5, 0],
])("due in %s ms, it sleeps %s ms", (due, sleep) => {
  expect(sleepUntil(due, 0)).toBe(sleep);
});
