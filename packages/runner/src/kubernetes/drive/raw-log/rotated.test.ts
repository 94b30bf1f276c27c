import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { followNode, textOf } from "./node-log.harness.ts";
import {
  chunks,
  connectionsOf,
  inOrder,
  recordsOf,
  texts,
  whole,
  wholeBytes,
  zones,
} from "./random-log.harness.ts";

describe("a raw log that its node rotates", () => {
  test("is as it was written, or a gap says that something may be missing", async () => {
    const line = fc.record({
      later: fc.integer({ min: 1_000_000, max: 2_000_000_000 }),
      early: fc.constant(0),
      text: texts,
      isPart: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.boolean()),
    });
    const given = fc.record({
      steps: fc.array(line, { maxLength: 24 }),
      zone: zones,
      connections: connectionsOf(["cut", "closed", "driver-killed"], true),
      rotated: fc.nat(25),
      chunk: chunks,
      wholeBytes,
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ steps, zone, connections, rotated, ...rest }) => {
        // The first connection has the first line: what is gone before anything was taken is not known of.
        const records = recordsOf([whole, ...steps], zone);
        const first = { written: 1, rotated: 0, cutAt: 100_000, end: "cut" } as const;
        const all = inOrder([first, ...connections, { ...first, written: 25, rotated }]);
        const atEnd = all.at(-1)?.rotated ?? 0;
        const { text, summary } = await followNode({ ...rest, records, connections: all, rotated: atEnd });
        expect(summary.complete ? text : textOf(records)).toBe(textOf(records));
      }),
      { numRuns: 500 },
    );
  });

  test("has nothing twice, has all of the file that is left, and a gap at each hole", async () => {
    const given = fc.record({
      later: fc.array(fc.integer({ min: 1_000_000, max: 2_000_000_000 }), { maxLength: 24 }),
      connections: connectionsOf(["cut", "closed", "driver-killed"], true),
      rotated: fc.nat(25),
      chunk: chunks,
      wholeBytes,
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ later, connections, rotated, ...rest }) => {
        const steps = later.map((one, n) => ({ ...whole, later: one, text: String(n + 1) }));
        const records = recordsOf([{ ...whole, text: "0" }, ...steps], "Z");
        const first = { written: 1, rotated: 0, cutAt: 100_000, end: "cut" } as const;
        const all = inOrder([first, ...connections, { ...first, written: 25, rotated }]);
        const atEnd = all.at(-1)?.rotated ?? 0;
        const { stored } = await followNode({ ...rest, records, connections: all, rotated: atEnd });
        const seen: (number | "gap")[] = stored.map((entry) =>
          entry.kind === "output" ? Number(Buffer.from(entry.bytes).toString()) : "gap",
        );
        const numbers = seen.filter((one) => one !== "gap");
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        expect(numbers).toEqual(expect.arrayContaining(records.slice(atEnd).map(({ text }) => Number(text))));
        const isAfterHole = (one: number | "gap", at: number) =>
          one !== "gap" && one !== 0 && seen[at - 1] !== "gap" && seen[at - 1] !== one - 1;
        expect(seen.filter(isAfterHole)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
