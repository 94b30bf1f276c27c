import { describe, expect, it } from "vitest";
import { createLogNeutraliser } from "./log-neutraliser.ts";

const whole = "\u001B[1;31m赤い😀\u001B[0m tab\t\u001B[2Jdone";

describe("a log on a terminal", () => {
  it("is the same however its pieces are cut", () => {
    const bytes = Buffer.from(whole);
    for (let at = 0; at <= bytes.length; at += 1) {
      const { next, rest } = createLogNeutraliser();
      const text = next(bytes.subarray(0, at), false) + next(bytes.subarray(at), false) + rest();
      expect(text).toBe("\u001B[1;31m赤い😀\u001B[0m tab\t\\x1b[2Jdone");
    }
  });

  it("shows what ends in the middle", () => {
    const { next, rest } = createLogNeutraliser();
    expect(next(Buffer.from("a\u001B[3"), false)).toBe("a");
    expect(rest()).toBe("\\x1b[3");
    expect(next(Uint8Array.of(0x62, 0xe3, 0x81), true)).toBe("b\uFFFD");
    expect(next(Buffer.from("c"), true)).toBe("c");
  });

  it("waits for no colour that is none", () => {
    const { next } = createLogNeutraliser();
    expect(next(Buffer.from(`\u001B[${"1;".repeat(50)}`), false)).toContain("\\x1b[1;1;");
  });
});
