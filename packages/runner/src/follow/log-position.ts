import { lastSequenceOf, streamBytes, type LogEntry } from "@keruta/shared/domain";
import type { LogPosition } from "@keruta/shared/queue";

export const logStart: LogPosition = { sequence: 0, stdoutBytes: 0, stderrBytes: 0 };

export function positionAfter(position: LogPosition, entries: readonly LogEntry[]): LogPosition {
  let { sequence, stdoutBytes, stderrBytes } = position;
  for (const entry of entries) {
    const { stdout, stderr } = streamBytes(entry);
    sequence = lastSequenceOf(entry);
    stdoutBytes += stdout;
    stderrBytes += stderr;
  }
  return { sequence, stdoutBytes, stderrBytes };
}

export function positionBefore({ stdoutBytes, stderrBytes }: LogPosition, entry: LogEntry): LogPosition {
  const { stdout, stderr } = streamBytes(entry);
  return {
    sequence: entry.sequence - 1,
    stdoutBytes: stdoutBytes - stdout,
    stderrBytes: stderrBytes - stderr,
  };
}

/**
 * What of entries up to `end` comes after `stored`. A gap that others have stored the beginning of is cut: its bytes are
 * those between the two.
 */
export function entriesAfter(
  entries: readonly LogEntry[],
  end: LogPosition,
  stored: LogPosition,
): readonly LogEntry[] {
  const rest = entries.filter((entry) => lastSequenceOf(entry) > stored.sequence);
  const [first] = rest;
  if (first?.kind !== "gap" || first.sequence > stored.sequence) return rest;
  const cutAt = rest.slice(1).reduceRight(positionBefore, end);
  return [
    {
      ...first,
      sequence: stored.sequence + 1,
      stdoutBytes: first.stdoutBytes && cutAt.stdoutBytes - stored.stdoutBytes,
      stderrBytes: first.stderrBytes && cutAt.stderrBytes - stored.stderrBytes,
    },
    ...rest.slice(1),
  ];
}
