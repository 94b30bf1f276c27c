import {
  toLogRecord,
  type LogEntry,
  type LogNotice,
  type NoticeLevel,
  type NotifiedRecord,
} from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import { oneLine } from "../text/clean.ts";

const quotedCharacters = 500;

/** The first log records of a level that a notice counts, a line each; masked, since the log is stored so. */
export async function quoteLog(
  queue: Pick<Queue, "readLog">,
  taskId: string,
  { attempt, firstSequence }: LogNotice,
  level: NoticeLevel,
  count: number,
): Promise<readonly NotifiedRecord[]> {
  const records: NotifiedRecord[] = [];
  if (count === 0) return records;
  const open = new Set<string>();
  const source = { taskId, attempt, jobName: null, podName: null };
  for await (const entry of queue.readLog({ taskId, attempt, afterSequence: firstSequence - 1, level })) {
    if (isRestOfLine(entry, open)) continue;
    const { timestamp, level: own, sequence, message } = toLogRecord(source, entry);
    records.push({ timestamp, level: own, sequence, message: oneLine(message, quotedCharacters) });
    if (records.length === count) break;
  }
  return records;
}

/** A long line is several entries; its beginning tells enough. */
function isRestOfLine(entry: LogEntry, open: Set<string>): boolean {
  if (entry.kind !== "output") return false;
  const { stream, newline } = entry;
  const isRest = open.has(stream);
  if (newline) open.delete(stream);
  else open.add(stream);
  return isRest;
}
