import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

export interface SentFile {
  /** Of what was sent. */
  readonly sha256: string;
  /** The file had another size when it was read: what was sent is cut, or padded with NUL. */
  readonly changed: boolean;
}

const chunkBytes = 256 * 1024;

/** Sends exactly `size` bytes, whatever becomes of the file meanwhile, and gives their digest. */
export async function sendFile(
  handle: FileHandle,
  size: number,
  send: (chunk: Uint8Array) => Promise<void>,
): Promise<SentFile> {
  const hash = createHash("sha256");
  let left = size;
  let changed = false;
  const pass = async (chunk: Uint8Array): Promise<void> => {
    hash.update(chunk);
    left -= chunk.length;
    await send(chunk);
  };
  while (left > 0) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, left));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) break;
    await pass(buffer.subarray(0, bytesRead));
  }
  while (left > 0) {
    changed = true;
    await pass(Buffer.alloc(Math.min(chunkBytes, left)));
  }
  changed ||= (await handle.stat()).size !== size;
  return { sha256: hash.digest("hex"), changed };
}
