import fc from "fast-check";
import { expect, test } from "vitest";
import { isKerutaError } from "./error.ts";
import { matchesLabels, parseLabelSelector } from "./selector.ts";

test("every form of a requirement is read", () => {
  expect(parseLabelSelector("a=b, c != d,e in (x, y),example.com/f notin (z),g,!h,i==j")).toEqual([
    { key: "a", operator: "In", values: ["b"] },
    { key: "c", operator: "NotIn", values: ["d"] },
    { key: "e", operator: "In", values: ["x", "y"] },
    { key: "example.com/f", operator: "NotIn", values: ["z"] },
    { key: "g", operator: "Exists", values: [] },
    { key: "h", operator: "DoesNotExist", values: [] },
    { key: "i", operator: "In", values: ["j"] },
  ]);
});

test("an empty selector matches everything", () => {
  expect(matchesLabels(parseLabelSelector(" "), {})).toBe(true);
});

test.each([
  "a=b,",
  ",",
  "a in",
  "a in ()x",
  "a in (x",
  "a>1",
  "=b",
  "a b",
  "a=b c",
  "-a=b",
  "a=-b",
  "a/b/c",
  "!",
])("refuses %j as wrong usage, and names the part", (text) => {
  expect(() => parseLabelSelector(text)).toThrow(
    expect.toSatisfy((error) => isKerutaError(error, "KRT_USAGE")),
  );
});

test.each([
  ["team=docs", { team: "docs" }, true],
  ["team=docs", {}, false],
  ["team!=docs", {}, true],
  ["team notin (docs,web)", { team: "web" }, false],
  ["team in (docs,web)", { team: "web" }, true],
  ["team", { team: "" }, true],
  ["!team", { team: "" }, false],
  ["team=", { team: "" }, true],
  ["toString", {}, false],
  ["a=1,b=2", { a: "1", b: "3" }, false],
])("%s on %j is %s", (selector, labels, expected) => {
  expect(matchesLabels(parseLabelSelector(selector), labels)).toBe(expected);
});

test("a requirement and its negation never agree", () => {
  const word = fc.constantFrom("a", "b", "c");
  fc.assert(
    fc.property(fc.dictionary(word, word), word, word, (labels, key, value) => {
      const match = (selector: string) => matchesLabels(parseLabelSelector(selector), labels);
      expect(match(`${key}=${value}`)).toBe(!match(`${key}!=${value}`));
      expect(match(key)).toBe(!match(`!${key}`));
    }),
  );
});
