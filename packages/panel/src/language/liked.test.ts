import { expect, test } from "vitest";
import { liked } from "./language.ts";

test.each([
  [["ja"], "ja"],
  [["ja-JP", "en"], "ja"],
  [["fr", "EN-us", "ja"], "en"],
  [["fr"], "en"],
  [[], "en"],
])("of the browser's languages %j the panel speaks %s", (preferred, expected) => {
  expect(liked(preferred)).toBe(expected);
});
