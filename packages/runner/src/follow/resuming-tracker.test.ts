import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogEntry, WireRecord } from "@keruta/shared/domain";
import type { LogPosition } from "@keruta/shared/queue";
import { createResumingTracker } from "./resuming-tracker.ts";

const start: LogPosition = { sequence: 0, stdoutBytes: 0, stderrBytes: 0 };

/** The first mark, `lines` one-byte-and-LF lines of stdout with a mark after every `every`, and the last mark. */
function streamOf(lines: number, every: number): WireRecord[] {
  const records: WireRecord[] = [];
  const mark = (sequence: number, end: boolean) =>
    records.push({ kind: "mark", sequence, stdoutBytes: sequence * 2, stderrBytes: 0, time: 0, end });
  mark(0, false);
  for (let line = 1; line <= lines; line += 1) {
    records.push({
      kind: "output",
      stream: "stdout",
      bytes: new Uint8Array([97 + (line % 26)]),
      newline: true,
    });
    if (line % every === 0) mark(line, false);
  }
  mark(lines, true);
  return records;
}

/** Feeds connections of the stream, each a slice of it, and stores as the follower does. */
function follow(slices: readonly (readonly WireRecord[])[], spool: readonly LogEntry[]) {
  const stored: LogEntry[] = [];
  let tentative: LogEntry[] = [];
  let repairs = 0;
  const position = (): LogPosition => {
    const sequence = stored.at(-1)?.sequence ?? 0;
    return { sequence, stdoutBytes: sequence * 2, stderrBytes: 0 };
  };
  const tracker = createResumingTracker(start);
  for (const slice of slices) {
    for (const record of slice) {
      const step = tracker.take(record, 0);
      if (step.kind === "entry") tentative.push(step.entry);
      if (step.kind === "confirmed") stored.push(...tentative);
      if (step.kind === "certain") stored.push(...step.entries);
      if (step.kind === "hole") {
        repairs += 1;
        stored.push(...spool.slice(position().sequence));
        tracker.lose(position());
      }
      if (step.kind !== "entry" && step.kind !== "nothing") tentative = [];
    }
    tentative = [];
    tracker.lose(position());
  }
  return { stored, repairs };
}

const entriesOf = (records: readonly WireRecord[]): LogEntry[] => {
  const outputs = records.filter((record) => record.kind === "output");
  return outputs.map((record, index) => ({ ...record, sequence: index + 1, time: 0, level: "INFO" }));
};

describe("the resuming tracker", () => {
  test("numbers overlapping connections without loss or repeat, and without the spool", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 6 }),
        (lines, every, cuts) => {
          const records = streamOf(lines, every);
          let reached = 0;
          // Each connection begins at or before the last mark that the one before it reached.
          const slices = cuts.map(([back, forth]) => {
            const from = Math.max(0, lastMark(records, reached) - (back % (records.length + 1)));
            reached = Math.min(records.length, Math.max(reached, from) + (forth % 20));
            return records.slice(from, reached);
          });
          slices.push(records.slice(Math.max(0, lastMark(records, reached))));
          const { stored, repairs } = follow(slices, []);
          expect(stored.map(({ sequence }) => sequence)).toEqual(
            Array.from({ length: lines }, (_, i) => i + 1),
          );
          expect(stored).toEqual(entriesOf(records));
          expect(repairs).toBe(0);
        },
      ),
    );
  });

  test("asks for the spool where a connection begins too late", () => {
    const records = streamOf(20, 5);
    const { stored, repairs } = follow([records.slice(0, 7), records.slice(15)], entriesOf(records));
    expect(repairs).toBe(1);
    expect(stored).toEqual(entriesOf(records));
  });

  test("a stream whose beginning is gone is numbered from its first mark", () => {
    const records = streamOf(20, 5);
    const { stored } = follow([records.slice(9)], entriesOf(records));
    expect(stored).toEqual(entriesOf(records));
  });

  test("gives up once where too much comes without a mark, and goes on at the next one", () => {
    const records = streamOf(20, 5);
    const flood = Array.from({ length: 50_000 }, () => records[1] ?? never());
    const tracker = createResumingTracker(start);
    const kinds = [...records.slice(0, 9), ...flood].map((record) => tracker.take(record, 0).kind);
    expect(kinds.filter((kind) => kind === "lost")).toHaveLength(1);
    expect(kinds.slice(kinds.indexOf("lost") + 1).every((kind) => kind === "nothing")).toBe(true);
    const { stored, repairs } = follow(
      [[...records.slice(0, 9), ...flood, ...records.slice(9)]],
      entriesOf(records),
    );
    expect([stored, repairs]).toEqual([entriesOf(records), 1]);
  });

  test("takes nothing from elsewhere for the agent's, though it has as many bytes", () => {
    const forged = { kind: "output", stream: "stdout", bytes: Buffer.from("!"), newline: true } as const;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (lines, every, places) => {
          const records = streamOf(lines, every);
          const mixed = [...records];
          for (const place of places) mixed.splice(place % mixed.length, 0, forged);
          expect(follow([mixed], entriesOf(records)).stored).toEqual(entriesOf(records));
        },
      ),
    );
  });

  test("damage is repaired and the rest goes on", () => {
    const records = streamOf(20, 5);
    const hurt = records.with(8, { kind: "damaged", bytes: new Uint8Array(3) } as unknown as WireRecord);
    const { stored, repairs } = follow([hurt], entriesOf(records));
    expect(repairs).toBe(1);
    expect(stored).toEqual(entriesOf(records));
  });
});

/** Index after the last mark before `end`. */
function lastMark(records: readonly WireRecord[], end: number): number {
  return records.slice(0, end).findLastIndex(({ kind }) => kind === "mark") + 1;
}

function never(): never {
  throw new Error("no record");
}
