import { expect, test } from "vitest";
import { amongJapanese } from "./text.ts";

test.each([
  ["整数（1 以上）", "整数（1 以上）"],
  ["30m や 1h30m のような時間", " 30m や 1h30m のような時間"],
  ["true または false", " true または false "],
])("%s among Japanese is set off where another script begins or ends", (text, expected) => {
  expect(amongJapanese(text)).toBe(expected);
});
