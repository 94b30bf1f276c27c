import { expect, test } from "vitest";
import { withId } from "./with-id.ts";

test("a remedy for any task becomes one that can be typed", () => {
  const remedy = { en: "`keruta logs ID`; IDS stay", ja: "`keruta retry ID`で再実行" };
  expect(withId(remedy, "k7m2")).toEqual({
    en: "`keruta logs k7m2`; IDS stay",
    ja: "`keruta retry k7m2`で再実行",
  });
});
