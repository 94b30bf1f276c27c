import { open } from "node:fs/promises";
import { codeOf, decodeFrames, lastSequenceOf, type LogEntry } from "@keruta/shared/domain";

const chunkBytes = 256 * 1024;

/**
 * Entries of the agent's spool after a sequence, in batches, up to the first frame that is unfinished (the agent
 * was killed) or damaged. A spool that is not there has none.
 */
export async function* readSpool(path: string, afterSequence: number): AsyncGenerator<LogEntry[]> {
  const file = await openIfThere(path);
  if (!file) return;
  try {
    let held: Buffer = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.alloc(chunkBytes);
      const { bytesRead } = await file.read(chunk, 0, chunkBytes);
      if (bytesRead === 0) return;
      const all = Buffer.concat([held, chunk.subarray(0, bytesRead)]);
      const { entries, consumed, damaged } = decodeFrames(all);
      const wanted = entries.filter((entry) => lastSequenceOf(entry) > afterSequence);
      if (wanted.length > 0) yield wanted;
      if (damaged) return;
      held = all.subarray(consumed);
    }
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string) {
  try {
    return await open(path, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
