import { expect, test } from "vitest";
import { segmentsOf } from "./ansi.ts";

test.each([
  ["plain", [{ text: "plain" }]],
  ["\u001B[31mred\u001B[0m off", [{ text: "red", color: 1 }, { text: " off" }]],
  [
    "\u001B[1;4;92mx\u001B[22;24m y",
    [
      { text: "x", bold: true, underline: true, color: 10 },
      { text: " y", color: 10 },
    ],
  ],
  [
    "\u001B[38;5;196mx\u001B[48;2;1;2;300my",
    [
      { text: "x", color: "#ff0000" },
      { text: "y", color: "#ff0000", background: "#0102ff" },
    ],
  ],
  ["\u001B[38;5;9;1mx", [{ text: "x", color: 9, bold: true }]],
  ["\u001B[7mx\u001B[mz", [{ text: "x", color: 0, background: 7 }, { text: "z" }]],
  ["\u001B[31m\u001B[39mx", [{ text: "x" }]],
])("%j", (line, expected) => {
  expect(segmentsOf(line)).toEqual(expected);
});

test.each([
  ["moving the cursor", "\u001B[2Kx\u001B[1A", "⟨ESC⟩[2Kx⟨ESC⟩[1A"],
  [
    "a link of the terminal's",
    "\u001B]8;;javascript:alert(1)\u0007x\u001B]8;;\u0007",
    "⟨ESC⟩]8;;javascript:alert(1)⟨BEL⟩x⟨ESC⟩]8;;⟨BEL⟩",
  ],
  ["the title of the window", "\u001B]0;pwned\u0007", "⟨ESC⟩]0;pwned⟨BEL⟩"],
  ["what hides text", "\u001B[8msecret", "secret"],
  ["turning the text around", "a\u202Eb", "a⟨U+202E⟩b"],
  ["a carriage return", "10%\r20%", "10%⟨CR⟩20%"],
])("%s is shown, not obeyed", (_, line, expected) => {
  expect(
    segmentsOf(line)
      .map(({ text }) => text)
      .join(""),
  ).toBe(expected);
});
