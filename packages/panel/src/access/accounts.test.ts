import { expect, test } from "vitest";
import { endOfDay, namespacesOf } from "./accounts.ts";

test.each([
  ["", null],
  [" , ", null],
  ["a", ["a"]],
  ["a, b,c", ["a", "b", "c"]],
  ["a、b", ["a", "b"]],
])("namespaces %j are %j", (text, expected) => {
  expect(namespacesOf(text)).toEqual(expected);
});

test("a token holds until the end of its last day, and no date is for ever", () => {
  expect(endOfDay("")).toBeNull();
  expect(endOfDay("someday")).toBeNull();
  expect(new Date(endOfDay("2027-03-01") ?? "").getHours()).toBe(23);
});
