import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { createByteBuffer } from "../../domain/bytes/byte-buffer.ts";
import { isLoss, lastSequenceOf, streamBytes, type LogEntry } from "../../domain/log/entry.ts";
import { addFrame, decodeFrames } from "../../domain/log/frame.ts";
import { levels, streamNames, type Level } from "../../domain/log/stream.ts";
import type { LogBlockRow } from "./schema.ts";

export type LogBlock = Omit<
  LogBlockRow,
  "task_id" | "attempt" | "archive" | "archive_offset" | "archive_bytes" | "data"
> & { readonly data: Uint8Array };

/** What a block begins with: bytes of both streams before it, and the streams in the middle of a line. */
export interface BlockStart {
  readonly stdout: number;
  readonly stderr: number;
  readonly openLines: number;
}

/** A block that comes back from an archive with another bit is refused by zstd itself. */
const params = { [constants.ZSTD_c_checksumFlag]: 1 };

const maxBlockBytes = 256 * 1024;
export const streamBits = { stdout: 1, stderr: 2 } as const;
export const anyStream = streamBits.stdout | streamBits.stderr;
/** In the middle of a line that is dropped, beside the bits of lines that are there. */
export const droppedBits = { stdout: 4, stderr: 8 } as const;

/** Frames of entries, cut into pieces of at most `maxBlockBytes` (a single larger entry is a piece of its own). */
export interface Piece {
  readonly entries: readonly LogEntry[];
  readonly frames: Uint8Array;
}

export function cutPieces(entries: readonly LogEntry[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let gathered: LogEntry[] = [];
  const frames = createByteBuffer();
  const finish = () => {
    if (gathered.length > 0) pieces.push({ entries: gathered, frames: frames.take() });
    gathered = [];
  };
  for (const entry of entries) {
    const before = frames.length;
    addFrame(frames, entry);
    if (frames.length > maxBlockBytes && before > 0) {
      frames.cut(before);
      finish();
      addFrame(frames, entry);
    }
    gathered.push(entry);
  }
  finish();
  return pieces;
}

export function packBlock({ entries, frames }: Piece, start: BlockStart): LogBlock {
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) throw new Error("a log block has entries");
  const block = {
    first_seq: first.sequence,
    last_seq: lastSequenceOf(last),
    first_time: first.time,
    last_time: first.time,
    level_mask: 0,
    lines: 0,
    stdout_start: start.stdout,
    stdout_end: start.stdout,
    stderr_start: start.stderr,
    stderr_end: start.stderr,
    open_lines: start.openLines,
    raw_bytes: frames.length,
    data: compress(frames),
  };
  for (const entry of entries) {
    block.first_time = Math.min(block.first_time, entry.time);
    block.last_time = Math.max(block.last_time, entry.time);
    block.level_mask |= levelBits(entry);
    const bytes = streamBytes(entry);
    block.stdout_end += bytes.stdout;
    block.stderr_end += bytes.stderr;
    if (entry.kind === "output" && entry.newline) block.lines += 1;
  }
  return block;
}

function compress(frames: Uint8Array): Uint8Array {
  // Told the size, zstd takes tables that fit it: a short block costs kilobytes instead of megabytes.
  const options = { params, pledgedSrcSize: frames.length };
  return zstdCompressSync(frames, options);
}

export function unpackBlock(block: Pick<LogBlock, "data" | "raw_bytes">): readonly LogEntry[] {
  return entriesOf(inflateBlock(block));
}

/** The frames of a block. */
export function inflateBlock({ data, raw_bytes }: Pick<LogBlock, "data" | "raw_bytes">): Uint8Array {
  const frames = zstdDecompressSync(data, { maxOutputLength: raw_bytes });
  if (frames.length !== raw_bytes) throw unreadable();
  return frames;
}

export function entriesOf(frames: Uint8Array): readonly LogEntry[] {
  const { entries, consumed, damaged } = decodeFrames(frames);
  if (damaged || consumed !== frames.length) throw unreadable();
  return entries;
}

function unreadable(): Error {
  return new Error("a stored log block cannot be read");
}

/** A gap may hide any level, so it counts as all; but for one of DEBUG lines. */
function levelBits(entry: LogEntry): number {
  if (entry.kind === "gap") return isLoss(entry) ? (1 << levels.length) - 1 : 1 << levels.indexOf("DEBUG");
  return 1 << levels.indexOf(levelOf(entry));
}

export function levelOf(entry: Exclude<LogEntry, { kind: "gap" }>): Level {
  if (entry.kind === "output") return entry.level;
  return entry.control.type === "log" ? entry.control.level : "INFO";
}

/** The streams in the middle of a line after an entry. A gap ends what was begun; dropped lines are apart from it. */
export function openLinesAfter(open: number, entry: LogEntry): number {
  if (entry.kind === "control") return open;
  if (entry.kind === "gap") {
    if (isLoss(entry)) return 0;
    const bytes = streamBytes(entry);
    let after = open;
    for (const name of streamNames) {
      if (entry.unfinished?.includes(name)) after |= droppedBits[name];
      else if (bytes[name] > 0) after &= ~droppedBits[name];
    }
    return after;
  }
  const bit = streamBits[entry.stream];
  const whole = open & ~(bit | droppedBits[entry.stream]);
  return entry.newline ? whole : whole | bit;
}
