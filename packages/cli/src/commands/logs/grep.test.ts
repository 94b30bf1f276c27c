import { expect, it } from "vitest";
import { parseGrep } from "./grep.ts";

it.each([
  ["ERROR|WARN", "an ERROR", true],
  ["日本.*語", "日本の語", true],
  ["^a{2,5}$", "aaa", true],
  ["\\bok\\b", "token", false],
])("%s on %j", (pattern, text, matches) => {
  expect(parseGrep(pattern).test(text)).toBe(matches);
});

it.each(["(a+)+$", "(a|a)*b", "(a|aa)+$", ".*a.*b.*c"])("%s on a long hostile line ends soon", (pattern) => {
  const started = performance.now();
  expect(parseGrep(pattern).test(`${"a".repeat(8000)}!`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(3000);
});
