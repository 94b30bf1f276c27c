import { open, type FileHandle } from "node:fs/promises";
import { codeOf, frameHeaderBytes, readFrameHeader } from "@keruta/shared/domain";

interface FramePiece {
  /** Whole frames, the first that come after the sequence asked for; empty where there are none yet. */
  readonly frames: Uint8Array;
  /** True where the file cannot be read on: it is damaged or gone. */
  readonly isOver: boolean;
}

/** Reads a growing spool back in bounded pieces, so that what a server has not taken yet waits on disk alone. */
export interface SpoolReader {
  after(sequence: number): Promise<FramePiece>;
}

const pieceBytes = 512 * 1024;

export function createSpoolReader(path: string): SpoolReader {
  /** Where the next frame begins, and the sequence of the one before it. */
  let at = 0;
  let passed = 0;

  return {
    async after(sequence) {
      if (sequence < passed) [at, passed] = [0, 0];
      const handle = await openIfThere(path);
      if (!handle) return { frames: new Uint8Array(0), isOver: true };
      try {
        for (;;) {
          const bytes = await pieceAt(handle, at);
          let skipped = 0;
          let end = 0;
          let header = readFrameHeader(bytes, 0);
          while (header && header.end <= bytes.length) {
            if (header.sequence <= sequence) [skipped, passed] = [header.end, header.sequence];
            end = header.end;
            header = readFrameHeader(bytes, end);
          }
          at += skipped;
          const frames = bytes.subarray(skipped, end);
          if (frames.length > 0) return { frames, isOver: false };
          const isDamaged = !header && bytes.length - end >= frameHeaderBytes;
          if (skipped === 0 || isDamaged) return { frames, isOver: isDamaged };
        }
      } finally {
        await handle.close();
      }
    },
  };
}

/** A frame that is larger than a piece is read whole. */
async function pieceAt(handle: FileHandle, at: number): Promise<Uint8Array> {
  const bytes = await read(handle, at, pieceBytes);
  const header = readFrameHeader(bytes, 0);
  return header && header.end > pieceBytes ? read(handle, at, header.end) : bytes;
}

async function read(handle: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(new Uint8Array(length), { position: at });
  return buffer.subarray(0, bytesRead);
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return null;
  }
}
