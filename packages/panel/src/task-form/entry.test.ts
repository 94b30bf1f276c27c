import { expect, test } from "vitest";
import { asForm, asJson, bodyOf, entryOf, isChanged } from "./entry.ts";

const draft = {
  title: "a",
  description: "",
  priority: 1,
  labels: {},
  spec: { command: ["true"], restarts: 3 },
};

test("form and text show the same task", () => {
  const text = asJson(entryOf(draft));
  expect(asForm(text)).toEqual(entryOf(draft));
  expect(bodyOf(text)).toBe(bodyOf(entryOf(draft)));
});

test.each(["{", "[]", "null", '{"spec":{"command":"true"}}', '{"labels":{"a":1}}', '{"priority":"x"}'])(
  "%s cannot be shown as fields",
  (text) => {
    expect(asForm({ mode: "json", text })).toBeUndefined();
  },
);

test("looking at it as text and back is no change, typing is", () => {
  const first = entryOf(draft);
  expect(isChanged(asJson(first), first)).toBe(false);
  expect(isChanged(asForm(asJson(first)) ?? first, first)).toBe(false);
  expect(isChanged({ mode: "json", text: "{" }, first)).toBe(true);
  expect(isChanged(entryOf({ ...draft, title: "b" }), first)).toBe(true);
});

test("nothing is sent of what is no task at all", () => {
  expect(bodyOf({ mode: "json", text: "{" })).toBeUndefined();
  const entry = entryOf(draft);
  if (entry.mode !== "form") throw new Error("a draft is entered by fields");
  expect(bodyOf({ ...entry, fields: { ...entry.fields, priority: "x" } })).toBeUndefined();
});
