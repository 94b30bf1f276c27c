import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectContiguous, gapsOf } from "../../../follow/log-keeper.harness.ts";
import { followNode, textOf } from "./node-log.harness.ts";
import { chunks, connectionsOf, inOrder, recordsOf, texts, wholeBytes, zones } from "./random-log.harness.ts";

describe("each byte of a raw log comes once, in order", () => {
  const step = fc.record({
    later: fc.oneof(fc.constant(0), fc.nat(5), fc.nat(2_000_000_000)),
    early: fc.oneof(fc.constant(0), fc.nat(5), fc.nat(3_000_000_000)),
    text: texts,
    isPart: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.boolean()),
  });

  test("over cuts anywhere and drivers that are killed, whatever the stamps, the zone and the order are", async () => {
    const given = fc.record({
      steps: fc.array(step, { maxLength: 25 }),
      zone: zones,
      connections: connectionsOf(["cut", "closed", "driver-killed"], false),
      chunk: chunks,
      wholeBytes,
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ steps, zone, connections, ...rest }) => {
        const records = recordsOf(steps, zone);
        const followed = await followNode({ ...rest, records, connections: inOrder(connections) });
        expect(followed.text).toBe(textOf(records));
        expect(followed.summary.complete).toBe(true);
        expect(followed.stored.every(({ time }) => Number.isSafeInteger(time))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("with DEBUG lines that are dropped, counted in gaps", async () => {
    const line = fc.record({
      later: fc.nat(2_000_000_000),
      early: fc.constant(0),
      text: fc.constantFrom("DEBUG a", "DEBUG b", "INFO c", "INFO d"),
      isPart: fc.constant(false),
    });
    const given = fc.record({
      steps: fc.array(line, { maxLength: 25 }),
      connections: connectionsOf(["cut", "driver-killed"], false),
      chunk: chunks,
      wholeBytes,
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ steps, connections, ...rest }) => {
        const records = recordsOf(steps, "Z");
        const dropped = { ...rest, records, connections: inOrder(connections), dropDebug: true };
        const { text, stored, summary } = await followNode(dropped);
        expect(text).toBe(textOf(records.filter((record) => !record.text.startsWith("DEBUG"))));
        const missing = gapsOf(stored).reduce((sum, { stdoutBytes }) => sum + (stdoutBytes ?? 0), 0);
        expect(missing).toBe(textOf(records).length - text.length);
        expectContiguous(stored, records.length);
        expect(summary.complete).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
