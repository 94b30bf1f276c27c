import { decodeLine, maxRecordBytes, type Control, type LogEntry } from "@keruta/shared/domain";
import type { LogPosition } from "@keruta/shared/queue";
import { keepHeapSmall } from "../stages/small-heap.ts";
import { createLineSplitter } from "./line-splitter.ts";
import { gapUpTo, storeSpool } from "./complete-log.ts";
import type { LogKeeper, ReadSpool } from "./log-keeper.ts";
import type { ResumingTracker } from "./resuming-tracker.ts";

export interface FollowWire {
  /** One connection's bytes: they may begin and end anywhere. Chunks are kept for a while and not copied. */
  readonly wire: AsyncIterable<Uint8Array>;
  readonly tracker: ResumingTracker;
  readonly log: LogKeeper;
  /** The agent's record in a line of the wire, and its time in milliseconds since 1970. */
  readonly openLine: (line: Uint8Array) => { readonly record: Uint8Array; readonly time: number };
  readonly onControl: (control: Control, time: number) => void;
  /** What did not come is taken from there, as far as it is there now. */
  readonly readSpool: ReadSpool;
}

/** The longest record and a container runtime's stamp before it; what is longer is no record. */
const maxLineBytes = maxRecordBytes + 128;

/** Follows one connection to its end. True where the attempt's last mark came and everything before it is stored. */
export async function followWire(options: FollowWire): Promise<boolean> {
  const { wire, tracker, log, openLine, onControl, readSpool } = options;
  keepHeapSmall();
  const splitter = createLineSplitter(maxLineBytes);
  let ended = false;

  for await (const chunk of wire) {
    let shown: LogEntry[] = [];
    const tell = (entries: readonly LogEntry[]) => {
      for (const entry of entries) if (entry.kind === "control") onControl(entry.control, entry.time);
    };
    for (const line of splitter.push(chunk)) {
      const { record, time } = openLine(line);
      const step = tracker.take(decodeLine(record), time);
      if (step.kind === "nothing") continue;
      if (step.kind === "entry") {
        shown.push(step.entry);
        continue;
      }
      tell(shown);
      await log.show(shown);
      shown = [];
      if (step.kind === "confirmed") {
        await log.confirm();
        await log.resume(readSpool);
      } else {
        log.discard();
        if (step.kind === "certain") {
          tell(step.entries);
          await log.store(step.entries);
        } else if (step.kind === "hole") {
          const isFinal = await storeSpool({ log, readSpool });
          if (isFinal && isAhead(step.mark, log.position)) await log.store([gapUpTo(step.mark, log, time)]);
          tracker.lose(log.position);
        }
      }
      ended = step.end && step.kind !== "hole";
    }
    tell(shown);
    await log.show(shown);
  }
  log.discard();
  tracker.lose(log.position);
  return ended;
}

/** Where the hole is among the entries before its mark cannot be told: all of these are missing. */
function isAhead(mark: LogPosition, position: LogPosition): boolean {
  return (
    mark.sequence > position.sequence &&
    mark.stdoutBytes >= position.stdoutBytes &&
    mark.stderrBytes >= position.stderrBytes
  );
}
