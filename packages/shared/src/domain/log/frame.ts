import { createByteBuffer, type ByteBuffer } from "../bytes/byte-buffer.ts";
import { parseControl } from "../codec/decode.ts";
import { gapReasons, type GapReason, type LogEntry } from "./entry.ts";
import { levels, streamNames } from "./stream.ts";

/**
 * Entries as bytes, for the agent's spool and for the queue's log blocks.
 *
 * A frame is a header of 24 bytes, little-endian: payload length (u32), kind (u8), flags (u8, 1 = newline),
 * level (u8, index in `levels`), 0 (u8), sequence (f64), time (f64). The payload is the output's bytes, or JSON.
 */
export const frameHeaderBytes = 24;

const kinds = { stdout: 1, stderr: 2, control: 3, gap: 4 } as const;
const newlineFlag = 1;
/** More than any entry holds: a longer length is damage, not data. */
const maxPayloadBytes = 1 << 20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Appends an entry's frame. */
export function addFrame(to: ByteBuffer, entry: LogEntry): void {
  const isOutput = entry.kind === "output";
  const payload = isOutput ? entry.bytes : encoder.encode(JSON.stringify(bodyOf(entry)));
  const at = to.extend(frameHeaderBytes + payload.length);
  const { view } = to;
  view.setUint32(at, payload.length, true);
  view.setUint8(at + 4, isOutput ? kinds[entry.stream] : kinds[entry.kind]);
  view.setUint8(at + 5, isOutput && entry.newline ? newlineFlag : 0);
  view.setUint8(at + 6, isOutput ? levels.indexOf(entry.level) : 0);
  view.setUint8(at + 7, 0);
  view.setFloat64(at + 8, entry.sequence, true);
  view.setFloat64(at + 16, entry.time, true);
  to.bytes.set(payload, at + frameHeaderBytes);
}

export function encodeFrame(entry: LogEntry): Uint8Array {
  const frame = createByteBuffer(256);
  addFrame(frame, entry);
  return frame.take();
}

export interface FrameHeader {
  readonly sequence: number;
  /** Where the frame ends, which may be beyond the bytes at hand. */
  readonly end: number;
}

/** Of the frame that begins at `at`; undefined where a header's bytes are not there or cannot be one's. */
export function readFrameHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  if (at + frameHeaderBytes > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(at, true);
  const sequence = view.getFloat64(at + 8, true);
  if (length > maxPayloadBytes || !Number.isSafeInteger(sequence) || sequence < 1) return undefined;
  return { sequence, end: at + frameHeaderBytes + length };
}

/** Whether all payloads are ASCII, told by a look at their bytes; false where one is not whole. */
export function isAsciiAlone(frames: Uint8Array): boolean {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
  let at = 0;
  while (at + frameHeaderBytes <= frames.length) {
    const start = at + frameHeaderBytes;
    const end = start + view.getUint32(at, true);
    if (end > frames.length) return false;
    for (let place = start; place < end; place += 1) if ((frames[place] ?? 0) > 127) return false;
    at = end;
  }
  return at === frames.length;
}

export interface DecodedFrames {
  readonly entries: readonly LogEntry[];
  /** Bytes that made up whole frames; the rest is the beginning of one that was not finished. */
  readonly consumed: number;
  /** True where the bytes after `consumed` cannot be a frame. */
  readonly damaged: boolean;
}

/** Reads whole frames and stops at the first unfinished or damaged one: a crash may have cut the last. */
export function decodeFrames(bytes: Uint8Array): DecodedFrames {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: LogEntry[] = [];
  let at = 0;
  while (at + frameHeaderBytes <= bytes.length) {
    const length = view.getUint32(at, true);
    if (length > maxPayloadBytes) return { entries, consumed: at, damaged: true };
    const end = at + frameHeaderBytes + length;
    if (end > bytes.length) break;
    const entry = entryOf(view, at, bytes.subarray(at + frameHeaderBytes, end));
    if (!entry) return { entries, consumed: at, damaged: true };
    entries.push(entry);
    at = end;
  }
  return { entries, consumed: at, damaged: false };
}

/** What `keruta-agent spool` ends with: a header that no frame has, so that what was cut off shows. */
export const spoolEnd: Uint8Array = new Uint8Array(frameHeaderBytes);

const lastByte = frameHeaderBytes - 1;
/** The same of a spool that was given up, because it was full: it will never have more. */
export const finalSpoolEnd: Uint8Array = spoolEnd.with(lastByte, 1);

export function isSpoolEnd(bytes: Uint8Array): boolean {
  return bytes.length === frameHeaderBytes && bytes.every((byte, at) => byte === 0 || at === lastByte);
}

export function isFinalSpoolEnd(bytes: Uint8Array): boolean {
  return isSpoolEnd(bytes) && bytes[lastByte] === finalSpoolEnd[lastByte];
}

function entryOf(view: DataView, at: number, payload: Uint8Array): LogEntry | undefined {
  const kind = view.getUint8(at + 4);
  const newline = (view.getUint8(at + 5) & newlineFlag) !== 0;
  const level = levels[view.getUint8(at + 6)];
  const sequence = view.getFloat64(at + 8, true);
  const time = view.getFloat64(at + 16, true);
  if (!Number.isSafeInteger(sequence) || sequence < 1 || !isTime(time) || !level) return undefined;
  switch (kind) {
    case kinds.stdout:
    case kinds.stderr: {
      const stream = kind === kinds.stdout ? "stdout" : "stderr";
      return { kind: "output", sequence, time, stream, level, bytes: payload, newline };
    }
    case kinds.control: {
      const control = parseControl(decoder.decode(payload));
      return control && { kind: "control", sequence, time, control };
    }
    case kinds.gap:
      return gapOf(decoder.decode(payload), sequence, time);
    default:
      return undefined;
  }
}

/** Beyond these a number of milliseconds is no date, and could not be shown. */
const farthestTime = 8.64e15;

function isTime(time: number): boolean {
  return Math.abs(time) <= farthestTime;
}

function bodyOf(entry: Exclude<LogEntry, { kind: "output" }>): unknown {
  if (entry.kind === "control") return entry.control;
  const { lastSequence, stdoutBytes, stderrBytes, reason, why, unfinished } = entry;
  return { lastSequence, stdoutBytes, stderrBytes, reason, why, unfinished };
}

function gapOf(json: string, sequence: number, time: number): LogEntry | undefined {
  let body: Readonly<Record<string, unknown>>;
  try {
    body = JSON.parse(json) as Readonly<Record<string, unknown>>;
  } catch {
    // Damage; the caller stops here and says so.
    return undefined;
  }
  const { lastSequence, stdoutBytes, stderrBytes, why, unfinished } = body;
  if (typeof lastSequence !== "number" || typeof why !== "string") return undefined;
  const open = Array.isArray(unfinished) ? streamNames.filter((name) => unfinished.includes(name)) : [];
  return {
    kind: "gap",
    sequence,
    lastSequence,
    time,
    stdoutBytes: typeof stdoutBytes === "number" ? stdoutBytes : null,
    stderrBytes: typeof stderrBytes === "number" ? stderrBytes : null,
    reason: reasonOf(body["reason"]),
    why,
    ...(open.length > 0 && { unfinished: open }),
  };
}

/** Frames of before there were reasons have none. */
function reasonOf(value: unknown): GapReason {
  return gapReasons.find((reason) => reason === value) ?? "unknown";
}
