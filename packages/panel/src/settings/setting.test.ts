import { expect, test } from "vitest";
import { changed, complaintOf, draftedValue, type Setting } from "./setting.ts";

const key = "keruta.kubernetes.default-namespace";
const built: Setting = {
  key,
  value: "default",
  origin: "default",
  default: "default",
  type: "string",
  description: "",
};
const stored: Setting = { ...built, value: "builds", origin: "database" };
const none = new Map<string, string | null>();

test("a change is kept until it is taken back", () => {
  const once = changed(none, stored, "other");
  expect([...once]).toEqual([[key, "other"]]);
  expect([...changed(once, stored, "builds")]).toEqual([]);
  expect([...changed(once, built, "default")]).toEqual([]);
});

test("going back to what is built in is a change of what was stored, and none of what was not", () => {
  expect([...changed(none, stored, null)]).toEqual([[key, null]]);
  expect([...changed(none, built, null)]).toEqual([]);
});

test("a field shows what is drafted", () => {
  expect(draftedValue(stored, none)).toBe("builds");
  expect(draftedValue(stored, new Map([[key, "x"]]))).toBe("x");
  expect(draftedValue(stored, new Map([[key, null]]))).toBe("default");
});

test.each([
  ["keruta.kubernetes.enabled", "maybe", "true or false"],
  ["keruta.logs.retention", "long", "duration"],
  ["keruta.logs.archive.location", "ftp://x", "absolute path"],
])("%s refuses %s while it is typed", (name, text, words) => {
  expect(complaintOf(name, text)?.en).toContain(words);
});

test.each([
  ["keruta.kubernetes.enabled", "true"],
  ["keruta.logs.retention", "30d"],
  ["keruta.no.such", "x"],
])("%s takes %s", (name, text) => {
  expect(complaintOf(name, text)).toBeUndefined();
});
