import type { FileHandle } from "node:fs/promises";

/** A WebSocket brings 32 KiB at a time: a call for each would cost as much as the bytes. */
const blockBytes = 256 * 1024;

export interface BlockWriter {
  /** The chunk may be used again afterwards. Throws what the disk refused, this time or the time before. */
  write(chunk: Uint8Array): Promise<void>;
  /** Writes what is left, and waits for what is under way. */
  end(): Promise<void>;
}

/** Appends to a file in blocks, one on its way to the disk while the next is gathered; `bytes` is what will come. */
export function createBlockWriter(
  handle: Pick<FileHandle, "write">,
  bytes: number,
  onWritten: (bytes: number) => void,
): BlockWriter {
  const size = Math.max(1, Math.min(blockBytes, bytes));
  let block: Uint8Array<ArrayBuffer> | undefined;
  let spare: Uint8Array<ArrayBuffer> | undefined;
  let filled = 0;
  let writing: Promise<void> = Promise.resolve();

  const append = async (from: Uint8Array, length: number) => {
    for (let start = 0; start < length;)
      start += (await handle.write(from, start, length - start, null)).bytesWritten;
    onWritten(length);
  };
  const flush = async (full: Uint8Array<ArrayBuffer>) => {
    await writing;
    [block, spare] = [spare, full];
    writing = append(full, filled);
    filled = 0;
    // It is awaited at the next block or at the end.
    writing.catch(() => undefined);
  };
  return {
    async write(chunk) {
      for (let start = 0; start < chunk.length;) {
        // A file of one block needs no second.
        block ??= new Uint8Array(size);
        const part = chunk.subarray(start, start + size - filled);
        block.set(part, filled);
        filled += part.length;
        start += part.length;
        if (filled === size) await flush(block);
      }
    },
    async end() {
      if (block && filled > 0) await flush(block);
      await writing;
    },
  };
}
