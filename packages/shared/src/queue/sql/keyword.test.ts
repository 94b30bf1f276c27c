import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeFrame } from "../../domain/log/frame.ts";
import { line } from "../queue.harness.ts";
import { keywordSearch } from "./keyword.ts";

const framesOf = (...texts: string[]) =>
  Buffer.concat(texts.map((text, index) => encodeFrame(line(index + 1, text))));

test.each([
  ["timeout", "a TimeOut after 3 s"],
  ["error", "ＥＲＲＯＲ: 失敗"],
  ["ＥＲＲＯＲ", "Error"],
  ["カタカナ", "ｶﾀｶﾅの行"],
  ["ガ", "ｶﾞ"],
  ["①", "1"],
  ["a.b(", "xA.B("],
])("%s is found in: %s", (keyword, text) => {
  const { matches, mayMatch } = keywordSearch(keyword);
  expect([matches(text), mayMatch(framesOf("x", text))]).toEqual([true, true]);
});

test.each([
  ["a.b", "axb"],
  ["カナ", "かな"],
  ["timeout", "time-out"],
])("%s is not found in: %s", (keyword, text) => {
  expect(keywordSearch(keyword).matches(text)).toBe(false);
});

test.each(["word", "語"])("lines of ASCII without %s are passed over unread", (keyword) => {
  expect(keywordSearch(keyword).mayMatch(framesOf("plain", "lines"))).toBe(false);
});

test("no block with a match is passed over", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "A", "Ａ", "B", "ß", "K", "ﬁ", "f", "i", "ｶ", "ﾞ", "ガ", ".", "語"),
    maxLength: 6,
  });
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1, maxLength: 3 }), (keyword, lines) => {
      const { matches, mayMatch } = keywordSearch(keyword);
      expect(lines.some(matches) && !mayMatch(framesOf(...lines))).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
