import type { LogEntry } from "../../../domain/log/entry.ts";
import { levelOf, openLinesAfter, streamBits } from "../log-block.ts";

export interface NoticedRecords {
  readonly errors: number;
  readonly warnings: number;
  readonly firstSequence: number;
}

/**
 * Warnings and errors among entries that follow each other; undefined where there are none. A line counts once, where
 * it begins, however many entries it is; a gap is an error. `openLines`: the streams in the middle of a line before
 * the first entry, asked for only where it matters.
 */
export function countNoticed(
  entries: readonly LogEntry[],
  openLines: () => number,
): NoticedRecords | undefined {
  if (!entries.some(isNoticed)) return undefined;
  let open = openLines();
  let [errors, warnings, firstSequence] = [0, 0, 0];
  for (const entry of entries) {
    const isRest = entry.kind === "output" && (open & streamBits[entry.stream]) !== 0;
    open = openLinesAfter(open, entry);
    if (isRest || !isNoticed(entry)) continue;
    if (firstSequence === 0) firstSequence = entry.sequence;
    if (entry.kind === "gap" || levelOf(entry) === "ERROR") errors += 1;
    else warnings += 1;
  }
  return firstSequence === 0 ? undefined : { errors, warnings, firstSequence };
}

function isNoticed(entry: LogEntry): boolean {
  if (entry.kind === "gap") return true;
  const level = levelOf(entry);
  return level === "ERROR" || level === "WARN";
}
