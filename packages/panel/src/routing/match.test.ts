import { expect, test } from "vitest";
import { match } from "./match.ts";

test.each([
  ["/", "/", {}],
  ["/tasks", "/tasks/", {}],
  ["/tasks", "/tasks/a", undefined],
  ["/tasks/:id", "/tasks/a%20b", { id: "a b" }],
  ["/tasks/:id", "/tasks/%zz", { id: "%zz" }],
  ["/tasks/:id", "/tasks/", undefined],
  ["/tasks/:id/edit", "/tasks/a/edit", { id: "a" }],
  ["/tasks/:id/edit", "/tasks/a/copy", undefined],
])("%s in %s", (pattern, path, expected) => {
  expect(match(pattern, path)).toEqual(expected);
});
