import { describe, expect, test } from "vitest";
import type { GapEntry, LogEntry, OutputEntry } from "../../../packages/shared/src/domain/index.ts";
import { readLogFacts } from "./read-log.ts";

const expected = { stdout: Buffer.from("one\ntwo\nthree\nfour\n"), stderr: Buffer.from("x\ny\n") };
type Part = Omit<OutputEntry, "sequence"> | Omit<GapEntry, "sequence" | "lastSequence">;
const line = (text: string, stream: "stdout" | "stderr" = "stdout"): Part => ({
  kind: "output",
  time: 0,
  stream,
  level: "INFO",
  bytes: Buffer.from(text),
  newline: true,
});
const gap = (stdoutBytes: number | null): Part => ({
  kind: "gap",
  time: 0,
  stdoutBytes,
  stderrBytes: 0,
  reason: "agent-killed",
  why: "",
});
const read = (...parts: readonly Part[]) => {
  const entries = parts.map(
    (part, at) =>
      ({ ...part, sequence: at + 1, ...(part.kind === "gap" && { lastSequence: at + 1 }) }) as LogEntry,
  );
  return readLogFacts(entries, expected);
};
const whole = [
  line("one"),
  line("x", "stderr"),
  line("two"),
  line("three"),
  line("y", "stderr"),
  line("four"),
];

describe("a stored log against what was written", () => {
  test("whole", async () => {
    expect(await read(...whole)).toMatchObject({
      mismatch: null,
      reached: { stdout: 19, stderr: 4 },
      bytes: 23,
      holes: 0,
    });
  });

  test.each([
    ["a line lost", [line("one"), line("three")]],
    ["a line doubled", [line("one"), line("one")]],
    ["lines moved", [line("two"), line("one")]],
    ["a line of the other stream", [line("x")]],
    ["a gap that covers too little", [line("one"), gap(3), line("three")]],
    ["a gap that covers too much", [line("one"), gap(5), line("three")]],
    ["after a gap of unknown size, a line again", [line("one"), line("two"), gap(null), line("one")]],
  ])("%s is a mismatch", async (_, parts) => {
    expect((await read(...parts)).mismatch).toMatch(/differs/);
  });

  test.each([
    ["of exactly what is missing", [line("one"), gap(4), line("three")], 14],
    ["of unknown size", [line("one"), gap(null), line("four")], 19],
  ])("a gap %s is none", async (_, parts, reached) => {
    expect(await read(...parts)).toMatchObject({
      mismatch: null,
      reached: { stdout: reached },
      gaps: [{ reason: "agent-killed" }],
    });
  });

  test("a sequence that is left out is a hole", async () => {
    const [first, , third] = whole.map((part, at) => ({ ...part, sequence: at + 1 }) as LogEntry);
    if (!first || !third) throw new Error("they are there");
    expect((await readLogFacts([first, third], expected)).holes).toBe(1);
  });
});
