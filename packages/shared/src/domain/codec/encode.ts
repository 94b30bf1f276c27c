import { createByteBuffer, type ByteBuffer } from "../bytes/byte-buffer.ts";
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

/** Appends one record, its LF included. The caller cuts output with `createCutter`, so that it fits. */
export function addRecord(to: ByteBuffer, record: WireRecord): void {
  switch (record.kind) {
    case "output":
      if (!isPlain(record)) return addEnvelope(to, outputCode(record), record.bytes);
      to.add(record.bytes);
      return to.addByte(lineFeed);
    case "control":
      return addEnvelope(to, recordCodes.control, text.encode(JSON.stringify(record.control)));
    case "mark": {
      const fields = [
        record.sequence,
        record.stdoutBytes,
        record.stderrBytes,
        record.time,
        record.end ? 1 : 0,
      ];
      return addEnvelope(to, recordCodes.mark, text.encode(fields.join(" ")));
    }
  }
}

export function encodeRecord(record: WireRecord): Uint8Array {
  const line = createByteBuffer(256);
  addRecord(line, record);
  return line.take();
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

function addEnvelope(to: ByteBuffer, code: number, payload: Uint8Array): void {
  to.addByte(escape);
  to.addByte(code);
  if (payload.includes(escape) || payload.includes(substitute)) {
    for (const byte of payload) {
      if (isSubstituted(byte)) {
        to.addByte(substitute);
        to.addByte(byte + substituteOffset);
      } else {
        to.addByte(byte);
      }
    }
  } else {
    to.add(payload);
  }
  to.addByte(escape);
  to.addByte(lineFeed);
}
