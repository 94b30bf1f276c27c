import {
  carriageReturn,
  envelopeBytes,
  escape,
  lineFeed,
  maxRecordBytes,
  recordCodes,
  substitute,
  substituteOffset,
} from "./format.ts";
import type { OutputRecord, WireRecord } from "./wire-record.ts";

const text = new TextEncoder();

/** One record as bytes, its LF included. The caller cuts output with `createCutter`, so that it fits. */
export function encodeRecord(record: WireRecord): Uint8Array {
  switch (record.kind) {
    case "output":
      return isPlain(record) ? plainLine(record.bytes) : envelope(outputCode(record), record.bytes);
    case "control":
      return envelope(recordCodes.control, text.encode(JSON.stringify(record.control)));
    case "mark": {
      const fields = [
        record.sequence,
        record.stdoutBytes,
        record.stderrBytes,
        record.time,
        record.end ? 1 : 0,
      ];
      return envelope(recordCodes.mark, text.encode(fields.join(" ")));
    }
  }
}

/** True where a stdout line needs no envelope: `kubectl logs` then shows it as the command wrote it. */
export function isPlain(record: OutputRecord): boolean {
  const { bytes } = record;
  return (
    record.stream === "stdout" &&
    record.newline &&
    bytes.length < maxRecordBytes &&
    bytes[bytes.length - 1] !== carriageReturn &&
    !bytes.includes(escape)
  );
}

/** How many of the bytes from `start` fit into one enveloped record, without cutting a UTF-8 character in two. */
export function fittingLength(bytes: Uint8Array, start: number): number {
  let room = maxRecordBytes - envelopeBytes;
  let end = start;
  while (end < bytes.length) {
    room -= isSubstituted(bytes[end]) ? 2 : 1;
    if (room < 0) return characterStart(bytes, end) - start;
    end += 1;
  }
  return end - start;
}

function isSubstituted(byte: number | undefined): boolean {
  return byte === escape || byte === substitute;
}

function characterStart(bytes: Uint8Array, at: number): number {
  for (let back = 0; back < 4; back += 1) {
    if (((bytes[at - back] ?? 0) & 0xc0) !== 0x80) return at - back;
  }
  return at;
}

function outputCode(record: OutputRecord): number {
  if (record.stream === "stdout") return record.newline ? recordCodes.stdoutLine : recordCodes.stdoutPart;
  return record.newline ? recordCodes.stderrLine : recordCodes.stderrPart;
}

function plainLine(bytes: Uint8Array): Uint8Array {
  const line = new Uint8Array(bytes.length + 1);
  line.set(bytes);
  line[bytes.length] = lineFeed;
  return line;
}

function envelope(code: number, payload: Uint8Array): Uint8Array {
  let substitutes = 0;
  for (const byte of payload) if (isSubstituted(byte)) substitutes += 1;
  const line = new Uint8Array(payload.length + substitutes + envelopeBytes);
  line[0] = escape;
  line[1] = code;
  let at = 2;
  if (substitutes === 0) {
    line.set(payload, at);
    at += payload.length;
  } else {
    for (const byte of payload) {
      if (isSubstituted(byte)) {
        line[at++] = substitute;
        line[at++] = byte + substituteOffset;
      } else {
        line[at++] = byte;
      }
    }
  }
  line[at++] = escape;
  line[at] = lineFeed;
  return line;
}
