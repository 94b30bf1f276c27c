import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Control } from "../log/control.ts";
import type { StreamName } from "../log/stream.ts";
import { createCutter, decodeLine, encodeRecord, maxRecordBytes, type OutputRecord } from "./index.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

const awkwardByte = fc.oneof(
  { arbitrary: fc.constantFrom(0x0a, 0x0d, 0x1f, 0x1e, 0x5f, 0x5e, 0x00, 0xff, 0xe3, 0x81, 0x82), weight: 3 },
  { arbitrary: fc.integer({ min: 0, max: 255 }), weight: 1 },
);
const smallOutput = fc.array(awkwardByte, { maxLength: 300 }).map((bytes) => Uint8Array.from(bytes));
const longOutput = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 7 }), fc.integer({ min: 7_900, max: 25_000 }), smallOutput)
  .map(([pattern, length, tail]) => {
    const bytes = Uint8Array.from({ length }, (_, at) => pattern[at % pattern.length] ?? 0);
    return joined([bytes, tail]);
  });
const output = fc.oneof({ arbitrary: smallOutput, weight: 3 }, { arbitrary: longOutput, weight: 1 });
const stream = fc.constantFrom<StreamName>("stdout", "stderr");
/** Where to cut the output into chunks, as fractions, and whether a pause follows. */
const cuts = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { maxLength: 12 });

describe("the codec", () => {
  test("gives back the same bytes whatever the chunks and pauses", () => {
    fc.assert(
      fc.property(output, stream, cuts, (bytes, name, places) => {
        const records = cut(name, bytes, places);
        const wire = records.map(encodeRecord);
        const decoded = wireLines(joined(wire)).map(decodeLine) as OutputRecord[];
        expect(decoded).toEqual(records.map((record) => ({ ...record, bytes: record.bytes })));
        expect(textOf(decoded)).toEqual(bytes);
      }),
      { numRuns: 400 },
    );
  });

  test("makes records of at most 8,000 bytes with one LF and no CR before it", () => {
    fc.assert(
      fc.property(output, stream, cuts, (bytes, name, places) => {
        for (const record of cut(name, bytes, places).map(encodeRecord)) {
          expect(record.length).toBeLessThanOrEqual(maxRecordBytes);
          expect(record.indexOf(lineFeed)).toBe(record.length - 1);
          expect(record[record.length - 2]).not.toBe(carriageReturn);
        }
      }),
    );
  });

  test("cuts a long line between UTF-8 characters", () => {
    const line = new TextEncoder().encode(`${"x".repeat(11)}${"あ🎉".repeat(6_000)}\n`);
    const strict = new TextDecoder("utf-8", { fatal: true });
    const records = createCutter("stdout").push(line);
    expect(records.length).toBeGreaterThan(5);
    expect(() => records.map(({ bytes }) => strict.decode(bytes))).not.toThrow();
  });

  test("holds an unfinished line until a flush", () => {
    const cutter = createCutter("stdout");
    expect(cutter.push(bytesOf("no newline"))).toEqual([]);
    expect(cutter.pendingBytes).toBe(10);
    expect(cutter.flush()).toEqual([
      { kind: "output", stream: "stdout", bytes: bytesOf("no newline"), newline: false },
    ]);
    expect(cutter.flush()).toEqual([]);
    expect(cutter.push(bytesOf("\n"))).toEqual([
      { kind: "output", stream: "stdout", bytes: bytesOf(""), newline: true },
    ]);
  });

  test("leaves a plain line of stdout as it is", () => {
    const [record] = createCutter("stdout").push(bytesOf("plain\t\u001b[31mred\n"));
    expect(record && encodeRecord(record)).toEqual(bytesOf("plain\t\u001b[31mred\n"));
  });

  test("carries the longest line that fits plain, and one byte more in two records", () => {
    const longest = new Uint8Array(maxRecordBytes).fill(0x61);
    longest[maxRecordBytes - 1] = lineFeed;
    expect(createCutter("stdout").push(longest)).toHaveLength(1);
    const longer = new Uint8Array(maxRecordBytes + 1).fill(0x61);
    longer[maxRecordBytes] = lineFeed;
    expect(createCutter("stdout").push(longer)).toHaveLength(2);
  });

  test("reads an envelope that was cut at any byte as damage", () => {
    fc.assert(
      fc.property(smallOutput, fc.boolean(), fc.nat(), (payload, newline, place) => {
        const bytes = payload.filter((byte) => byte !== lineFeed);
        const envelope = encodeRecord({ kind: "output", stream: "stderr", bytes, newline });
        const length = 1 + (place % (envelope.length - 2));
        expect(decodeLine(envelope.subarray(0, length)).kind).toBe("damaged");
        expect(decodeLine(envelope.subarray(length, -1)).kind).toBe("damaged");
      }),
      { numRuns: 400 },
    );
  });

  test("reads a cut envelope with another record behind it as damage", () => {
    fc.assert(
      fc.property(smallOutput, smallOutput, stream, fc.nat(), (first, second, name, place) => {
        const one = encodeRecord({ kind: "output", stream: "stderr", bytes: lineOf(first), newline: true });
        const two = encodeRecord({ kind: "output", stream: name, bytes: lineOf(second), newline: true });
        const length = 1 + (place % (one.length - (two.length === 1 ? 2 : 1)));
        const spliced = joined([one.subarray(0, length), two.subarray(0, -1)]);
        expect(wireLines(spliced).map((line) => decodeLine(line).kind)).toEqual(["damaged"]);
      }),
      { numRuns: 400 },
    );
  });

  test("never lets a command's output pass for a record of keruta's", () => {
    const mark = encodeRecord({
      kind: "mark",
      sequence: 9,
      stdoutBytes: 0,
      stderrBytes: 0,
      time: 1,
      end: true,
    });
    const control = encodeRecord({ kind: "control", control: { type: "artifact", path: "/etc/passwd" } });
    fc.assert(
      fc.property(fc.constantFrom(mark, control), stream, cuts, (forged, name, places) => {
        const records = cut(name, forged, places)
          .map(encodeRecord)
          .map((line) => line.subarray(0, -1));
        const decoded = records.map(decodeLine);
        expect(decoded.every(({ kind }) => kind === "output")).toBe(true);
        expect(textOf(decoded as OutputRecord[])).toEqual(forged);
      }),
    );
  });

  test("carries controls and marks", () => {
    const text = fc.string({ unit: "binary", maxLength: 200 }).map((value) => value.toWellFormed());
    const control = fc.oneof(
      fc.record<Control & { type: "progress" }>({
        type: fc.constant("progress"),
        percent: fc.option(fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0)),
        message: text,
      }),
      fc.record<Control & { type: "output" }>({ type: fc.constant("output"), name: text, value: text }),
      fc.record<Control & { type: "started" }>({
        type: fc.constant("started"),
        pid: fc.nat(),
        restart: fc.nat(),
      }),
    );
    fc.assert(
      fc.property(control, (value) => {
        const [line] = wireLines(encodeRecord({ kind: "control", control: value }));
        expect(line && decodeLine(line)).toEqual({ kind: "control", control: value });
      }),
    );
    const count = fc.integer({ min: 0, max: 1e15 - 1 });
    const mark = fc.record({
      sequence: count,
      stdoutBytes: count,
      stderrBytes: count,
      time: count,
      end: fc.boolean(),
    });
    fc.assert(
      fc.property(mark, (fields) => {
        const [line] = wireLines(encodeRecord({ kind: "mark", ...fields }));
        expect(line && decodeLine(line)).toEqual({ kind: "mark", ...fields });
      }),
    );
  });

  test("takes any line of the wire for something, without failing", () => {
    fc.assert(
      fc.property(smallOutput, fc.boolean(), (bytes, enveloped) => {
        const line = lineOf(bytes);
        const record = decodeLine(
          enveloped ? joined([Uint8Array.of(0x1f), line, Uint8Array.of(0x1f)]) : line,
        );
        expect(["output", "control", "mark", "damaged"]).toContain(record.kind);
      }),
    );
  });
});

function cut(name: StreamName, bytes: Uint8Array, places: readonly [number, boolean][]): OutputRecord[] {
  const cutter = createCutter(name);
  const records: OutputRecord[] = [];
  let start = 0;
  for (const [fraction, pause] of places.toSorted(([a], [b]) => a - b)) {
    const end = Math.floor(fraction * bytes.length);
    records.push(...cutter.push(bytes.subarray(start, end)));
    if (pause) records.push(...cutter.flush());
    start = end;
  }
  records.push(...cutter.push(bytes.subarray(start)), ...cutter.flush());
  return records;
}

/** As a follower reads the wire. */
function wireLines(wire: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = wire.indexOf(lineFeed); end !== -1; end = wire.indexOf(lineFeed, start)) {
    lines.push(wire.slice(start, end));
    start = end + 1;
  }
  if (start < wire.length) lines.push(wire.slice(start));
  return lines;
}

function textOf(records: readonly OutputRecord[]): Uint8Array {
  return joined(
    records.flatMap(({ bytes, newline }) => (newline ? [bytes, Uint8Array.of(lineFeed)] : [bytes])),
  );
}

function lineOf(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => byte !== lineFeed);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
