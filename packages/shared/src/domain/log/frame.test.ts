import fc from "fast-check";
import { expect, test } from "vitest";
import { gapReasons, type LogEntry } from "./entry.ts";
import { decodeFrames, encodeFrame, frameHeaderBytes } from "./frame.ts";
import { levels, streamNames } from "./stream.ts";
import { toLogRecord } from "./to-record.ts";

const sequence = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const farthestTime = 8.64e15;
const time = fc.integer({ min: 0, max: farthestTime });
const bytesOrUnknown = fc.option(fc.nat());
const entry: fc.Arbitrary<LogEntry> = fc.oneof(
  fc.record({
    kind: fc.constant("output" as const),
    sequence,
    time,
    stream: fc.constantFrom(...streamNames),
    level: fc.constantFrom(...levels),
    bytes: fc.uint8Array({ maxLength: 200 }),
    newline: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("control" as const),
    sequence,
    time,
    control: fc.record({ type: fc.constant("artifact" as const), path: fc.string({ unit: "grapheme" }) }),
  }),
  fc.record({
    kind: fc.constant("gap" as const),
    sequence,
    lastSequence: sequence,
    time,
    stdoutBytes: bytesOrUnknown,
    stderrBytes: bytesOrUnknown,
    reason: fc.constantFrom(...gapReasons),
    why: fc.string(),
  }),
  fc.record({
    kind: fc.constant("gap" as const),
    sequence,
    lastSequence: sequence,
    time,
    stdoutBytes: fc.nat(),
    stderrBytes: fc.nat(),
    reason: fc.constant("debug-dropped" as const),
    why: fc.string(),
    unfinished: fc.subarray([...streamNames], { minLength: 1 }),
  }),
);
const entries = fc.array(entry, { maxLength: 12 });

test("frames give back their entries", () => {
  fc.assert(
    fc.property(entries, (written) => {
      const bytes = spoolOf(written);
      expect(decodeFrames(bytes)).toEqual({ entries: written, consumed: bytes.length, damaged: false });
    }),
  );
});

test("a gap of before there were reasons is read, and is a loss of unknown reason", () => {
  const body = { lastSequence: 9, stdoutBytes: 4, stderrBytes: null, why: "w" };
  const gap = { kind: "gap", sequence: 2, time: 1, ...body } as const;
  const frame = encodeFrame({ ...gap, reason: "unknown" });
  const older = Buffer.from(JSON.stringify(body));
  const header = Buffer.from(frame.subarray(0, frameHeaderBytes));
  header.writeUInt32LE(older.length);
  const { entries: read } = decodeFrames(Buffer.concat([header, older]));
  expect(read).toEqual([{ ...gap, reason: "unknown" }]);
});

test("frames cut at any byte give the whole ones before the cut, and no damage", () => {
  fc.assert(
    fc.property(entries, fc.nat(), (written, place) => {
      const bytes = spoolOf(written);
      const {
        entries: read,
        consumed,
        damaged,
      } = decodeFrames(bytes.subarray(0, place % (bytes.length + 1)));
      expect(damaged).toBe(false);
      expect(read).toEqual(written.slice(0, read.length));
      expect(consumed).toBe(spoolOf(read).length);
    }),
  );
});

test("frames read in two halves at any byte give all entries once", () => {
  fc.assert(
    fc.property(entries, fc.nat(), (written, place) => {
      const bytes = spoolOf(written);
      const first = decodeFrames(bytes.subarray(0, place % (bytes.length + 1)));
      const rest = decodeFrames(bytes.subarray(first.consumed));
      expect([...first.entries, ...rest.entries]).toEqual(written);
    }),
  );
});

test("whatever time a frame tells, what is read of it can be shown, and what cannot is damage", () => {
  const anyTime = fc.oneof(
    fc.double(),
    fc.constantFrom(farthestTime, -farthestTime, farthestTime + 1, 1e300),
  );
  const source = { taskId: "t", attempt: 1, jobName: null, podName: null };
  fc.assert(
    fc.property(entry, anyTime, (written, told) => {
      const { entries: read, damaged } = decodeFrames(encodeFrame({ ...written, time: told }));
      expect([read.length, damaged]).toEqual(Math.abs(told) <= farthestTime ? [1, false] : [0, true]);
      expect(() => read.map((one) => toLogRecord(source, one))).not.toThrow();
    }),
  );
});

test("frames stop at damage and say so", () => {
  const good = encodeFrame({
    kind: "control",
    sequence: 1,
    time: 2,
    control: { type: "artifact", path: "a" },
  });
  const noise = Buffer.alloc(64, 0xff);
  expect(decodeFrames(Buffer.concat([good, noise]))).toMatchObject({ consumed: good.length, damaged: true });
});

function spoolOf(written: readonly LogEntry[]): Uint8Array {
  return new Uint8Array(Buffer.concat(written.map(encodeFrame)));
}
