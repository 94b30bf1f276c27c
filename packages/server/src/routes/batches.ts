import { createByteBuffer, type LogEntry } from "@keruta/shared/domain";

/** One write a line would cost more than what is in it. */
const batchBytes = 64 * 1024;

/** Entries as bytes, many at a time. */
export async function* inBatches(
  entries: AsyncIterable<LogEntry>,
  bytesOf: (entry: LogEntry) => readonly Uint8Array[],
): AsyncGenerator<Uint8Array, void> {
  const batch = createByteBuffer(batchBytes);
  for await (const entry of entries) {
    for (const bytes of bytesOf(entry)) batch.add(bytes);
    if (batch.length >= batchBytes) yield batch.take();
  }
  if (batch.length > 0) yield batch.take();
}
