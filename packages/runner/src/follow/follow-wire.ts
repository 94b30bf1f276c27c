import {
  decodeLine,
  maxRecordBytes,
  type Control,
  type LineLevels,
  type LogEntry,
} from "@keruta/shared/domain";
import { createLineSplitter } from "./line-splitter.ts";
import type { LogKeeper } from "./log-keeper.ts";
import { createTracker, type TrackerStep } from "./tracker.ts";

export interface FollowOptions {
  readonly wire: AsyncIterable<Uint8Array>;
  readonly log: LogKeeper;
  readonly levelOf: LineLevels;
  readonly onControl: (control: Control, time: number) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** `whole` where the agent's last mark was seen and all marks agreed; else why the rest must come from the spool. */
export type FollowOutcome = { readonly whole: true } | { readonly whole: false; readonly why: string };

const afterEnd: TrackerStep = { kind: "outOfStep", why: "the stream went on after the agent's last mark" };

/**
 * Follows the agent's records from the log's position to the stream's end. When the stream turns out not to be
 * what the agent wrote, it is read on without being believed, so that the agent is not held up.
 */
export async function followWire(options: FollowOptions): Promise<FollowOutcome> {
  const { wire, log, levelOf, onControl, clock } = options;
  const splitter = createLineSplitter(maxRecordBytes * 2);
  const tracker = createTracker({ position: log.position, levelOf });
  let broken: string | undefined;
  let ended = false;

  for await (const chunk of wire) {
    if (broken !== undefined) continue;
    let entries: LogEntry[] = [];
    for (const line of splitter.push(chunk)) {
      const step: TrackerStep = ended ? afterEnd : tracker.take(decodeLine(line), clock());
      if (step.kind === "entry") {
        entries.push(step.entry);
        if (step.entry.kind === "control") onControl(step.entry.control, step.entry.time);
        continue;
      }
      await log.show(entries);
      entries = [];
      if (step.kind === "outOfStep") {
        broken = step.why;
        log.discard();
        break;
      }
      await log.confirm();
      ended = step.end;
    }
    await log.show(entries);
  }

  if (broken === undefined && ended && splitter.rest.length === 0) return { whole: true };
  log.discard();
  return { whole: false, why: broken ?? "the stream ended before the agent's last mark" };
}
