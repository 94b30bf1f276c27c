import fc from "fast-check";
import { expect, test } from "vitest";
import { entryFilter } from "./log-filter.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const filterOf = (grep: RegExp) => entryFilter({ taskId: "t", attempt: 1, grep });

test.each([
  [/timeout/, "a timeout", "a time-out"],
  [/Timeout/i, "TIMEOUT", "time"],
  [/a\.b/, "xa.bx", "axb"],
  [/\/path\/x/, "in /path/x", "in /path/y"],
  [/ログ Error/i, "ログ ERROR", "ログ 0"],
  [/失敗/i, "失敗した", "成功した"],
  [/失敗/, "失敗した", "成功した"],
])("a block without the word of %s is passed over", (grep, held, other) => {
  const { mayMatch } = filterOf(grep);
  expect([mayMatch(bytesOf(held)), mayMatch(bytesOf(other))]).toEqual([true, false]);
});

test.each([/a.b/, /^a/, /a|b/, /(?:)/, /ﬁ/i, /É/i, /k/iu, /a$/m, /\d/, /\0/])(
  "%s needs a look at each line",
  (grep) => {
    expect(filterOf(grep).mayMatch(bytesOf(""))).toBe(true);
  },
);

test("no block with a match is passed over", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "B", "ß", "K", "ſ", ".", "\\", "/", "-", "\0", "+", "語"),
    maxLength: 6,
  });
  const expression = fc.tuple(text, fc.constantFrom("", "i", "u", "iu", "v", "s")).filter(isExpression);
  const isPassedOver = (word: string, flags: string, line: string): boolean => {
    const { mayMatch, matches } = filterOf(new RegExp(word, flags));
    return matches?.(line) === true && !mayMatch(bytesOf(line));
  };
  fc.assert(
    fc.property(expression, text, ([word, flags], line) => {
      expect(isPassedOver(word, flags, line)).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

function isExpression([word, flags]: readonly [string, string]): boolean {
  try {
    return new RegExp(word, flags) instanceof RegExp;
  } catch {
    return false;
  }
}
