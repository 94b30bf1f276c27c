import fc from "fast-check";
import { expect, test } from "vitest";
import { fromStoredText, toStoredText } from "./text.ts";

test("every text comes back, and none is stored with a NUL", () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom("\0", "\uFDD0", "0", "1", "😀"), fc.string({ maxLength: 1 })),
  });
  fc.assert(
    fc.property(text, (original) => {
      const stored = toStoredText(original);
      expect(stored).not.toContain("\0");
      expect(fromStoredText(stored)).toBe(original);
    }),
  );
});

test("equal parts stay equal parts, so that a search finds them", () => {
  expect(toStoredText("a\0b\uFDD0c")).toContain(toStoredText("\0b\uFDD0"));
});
