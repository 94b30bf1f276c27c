import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { idAlphabet, isTaskId, isTaskIdPrefix, newTaskId } from "./id.ts";

test("ids are ten characters of the alphabet, the first a letter", () => {
  for (let round = 0; round < 2000; round += 1) expect(newTaskId(randomBytes)).toMatch(/^[a-z][a-z2-7]{9}$/);
});

test("every character is equally likely, the first letter too", () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) {
    let drawn = 0;
    const id = newTaskId((count) => new Uint8Array(count).fill(drawn++ === 0 ? byte : 7));
    // A byte of the unfair rest is drawn again, as 7.
    const first = byte < 234 ? id.slice(0, 1) : `again ${id.slice(0, 1)}`;
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  const letters = Array.from(idAlphabet.slice(0, 26), (letter) => [letter, 9]);
  expect(Object.fromEntries(counts)).toEqual({ ...Object.fromEntries(letters), "again h": 22 });
});

test.each([
  ["abc", true],
  ["a23", true],
  ["k7m2xqaf4t", true],
  ["ab", false],
  ["2bc", false],
  ["ab1", false],
  ["ABC", false],
  ["k7m2xqaf4tt", false],
  ["@last", false],
])("%s may stand for an id: %s", (text, expected) => {
  expect(isTaskIdPrefix(text)).toBe(expected);
  expect(isTaskId(text)).toBe(expected && text.length === 10);
});
