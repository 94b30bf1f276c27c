import type { OutputEntry } from "@keruta/shared/domain";
import type { Lease, LogPosition, LogStore } from "@keruta/shared/queue";
import type { ResumePoint } from "./resume-point.ts";

/** Lines that were not stored may be a little later than those that were. */
const slack = 5000;

/** Up to where the drivers before this one have taken a log; null where they took nothing. */
export async function storedPoint(
  queue: Pick<LogStore, "readLog">,
  { taskId, attempt }: Lease,
  { sequence }: LogPosition,
): Promise<ResumePoint | null> {
  if (sequence === 0) return null;
  let last: OutputEntry | undefined;
  let unstored = { pieces: 0, bytes: 0 };
  for await (const entry of queue.readLog({ taskId, attempt, tail: 1 })) {
    if (entry.kind === "output") {
      last = entry;
      unstored = { pieces: 0, bytes: 0 };
    } else if (entry.kind === "gap" && entry.reason !== "rotated") {
      unstored.pieces += entry.lastSequence - entry.sequence + 1;
      unstored.bytes += entry.stdoutBytes ?? 0;
    }
  }
  if (!last) return { last: null, occurrence: 0, unstored, latest: Number.NEGATIVE_INFINITY };

  const { time, bytes, newline } = last;
  let [occurrence, latest] = [0, time];
  for await (const entry of queue.readLog({ taskId, attempt, since: new Date(time).toISOString() })) {
    if (entry.kind !== "output") continue;
    latest = Math.max(latest, entry.time);
    if (entry.time !== time || entry.newline !== newline) continue;
    if (Buffer.compare(entry.bytes, bytes) === 0) occurrence += 1;
  }
  return {
    last: { stamp: null, time, bytes: new Uint8Array(bytes), newline },
    occurrence,
    unstored,
    latest: latest + slack,
  };
}
