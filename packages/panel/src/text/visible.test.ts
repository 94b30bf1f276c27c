import { expect, test } from "vitest";
import { visible } from "./visible.ts";

test.each([
  ["plain 日本語 👩‍💻", "plain 日本語 👩‍💻"],
  ["a\u202Egnp.exe", "a⟨U+202E⟩gnp.exe"],
  ["\u001B[31mred\u0000", "⟨ESC⟩[31mred⟨NUL⟩"],
  ["a\u007F\u0085\u2028", "a⟨DEL⟩⟨U+0085⟩⟨U+2028⟩"],
  ["<b>", "<b>"],
])("%j is shown as %s", (text, expected) => {
  expect(visible(text)).toBe(expected);
});

test("what is to be kept is kept", () => {
  expect(visible("a\tb\n", "\t")).toBe("a\tb⟨LF⟩");
});
