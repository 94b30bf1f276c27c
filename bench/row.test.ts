import { expect, test } from "vitest";
import { atLeast, atMost, isShort, median, rowOf, rowOfPairs } from "./row.ts";

const figures = { id: "x", work: "x", unit: "s", against: "y" } as const;

test.each([
  [atMost(1), 1, false],
  [atMost(1), 1.01, true],
  [atLeast(0.9), 0.9, false],
  [atLeast(0.9), 0.89, true],
  [atLeast(0.9), Number.NaN, true],
  [null, 7, false],
] as const)("of target %o a ratio of %d is short: %s", (target, ratio, short) => {
  expect(isShort(rowOf({ ...figures, target }, ratio, 1))).toBe(short);
});

test("of turns it is the middle ratio that counts, not the ratio of the middles", () => {
  const pairs = [
    { ours: 1, peer: 1 },
    { ours: 20, peer: 10 },
    { ours: 3, peer: 2 },
  ];
  expect(rowOfPairs({ ...figures, target: null }, pairs)).toMatchObject({ ours: 3, peer: 2, ratio: 1.5 });
  expect(median([])).toBeNaN();
});
