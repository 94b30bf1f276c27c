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
  [/失敗/, "失敗した", "成功した"],
])("a block without the word of %s is passed over", (grep, held, other) => {
  const { mayMatch } = filterOf(grep);
  expect([mayMatch(bytesOf(held)), mayMatch(bytesOf(other))]).toEqual([true, false]);
});

test.each([/a.b/, /^a/, /a|b/, /(?:)/, /ﬁ/i, /k/iu, /a$/m, /\d/, /\0/])(
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
  fc.assert(
    fc.property(text, text, fc.constantFrom("", "i", "u", "iu", "v", "s"), (word, line, flags) => {
      let grep: RegExp;
      try {
        grep = new RegExp(word, flags);
      } catch {
        // Not an expression.
        return;
      }
      const { mayMatch, matches } = filterOf(grep);
      if (matches?.(line) === true) expect(mayMatch(bytesOf(line))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
