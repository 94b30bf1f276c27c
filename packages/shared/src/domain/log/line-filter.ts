import { createByteBuffer } from "../bytes/byte-buffer.ts";
import { isLoss, type LogEntry } from "./entry.ts";
import type { StreamName } from "./stream.ts";

/** What of a line is kept to judge it: a longer one is judged by its first part. */
export const judgedBytes = 1 << 20;

interface Line {
  parts: Uint8Array[];
  bytes: number;
  verdict: boolean | undefined;
}

/**
 * Lets whole lines through that match, entries in their order. A line may be many entries with those of the
 * other stream between, so entries are held until every one before them is decided.
 */
export function createLineFilter(matches: (text: string) => boolean): {
  push(entry: LogEntry): readonly LogEntry[];
  finish(): readonly LogEntry[];
  /** No line is open, and nothing waits for one: what comes next is judged by itself. */
  isIdle(): boolean;
} {
  const held: { readonly entry: LogEntry; readonly line: Line }[] = [];
  const open: Partial<Record<StreamName, Line>> = {};

  const decide = (line: Line) => {
    line.verdict ??= matches(lineText(line.parts));
    line.parts = [];
  };
  const release = (): readonly LogEntry[] => {
    const undecided = held.findIndex(({ line }) => line.verdict === undefined);
    const decided = held.splice(0, undecided === -1 ? held.length : undecided);
    return decided.filter(({ line }) => line.verdict === true).map(({ entry }) => entry);
  };

  return {
    push(entry) {
      // Most lines are one entry with nothing before them that waits.
      if (held.length === 0 && entry.kind === "output" && entry.newline && !open[entry.stream])
        return matches(decoder.decode(entry.bytes)) ? [entry] : nothing;
      if (entry.kind === "output") {
        const line = (open[entry.stream] ??= { parts: [], bytes: 0, verdict: undefined });
        held.push({ entry, line });
        if (line.verdict === undefined) {
          line.parts.push(entry.bytes);
          line.bytes += entry.bytes.length;
        }
        if (entry.newline || line.bytes >= judgedBytes) decide(line);
        if (entry.newline) delete open[entry.stream];
        // One stream in the middle of a line must not keep the whole of the other in memory.
        if (held.length >= maxHeld) for (const { line: waiting } of held) decide(waiting);
      } else {
        const verdict =
          entry.kind === "gap"
            ? isLoss(entry)
            : entry.control.type === "log" && matches(entry.control.message);
        held.push({ entry, line: { parts: [], bytes: 0, verdict } });
      }
      return release();
    },
    isIdle: () => held.length === 0 && Object.keys(open).length === 0,
    finish() {
      for (const { line } of held) decide(line);
      return release();
    },
  };
}

const nothing: readonly LogEntry[] = [];

const maxHeld = 10_000;

const decoder = new TextDecoder();

export function lineText(parts: readonly Uint8Array[]): string {
  if (parts.length === 1) return decoder.decode(parts[0]);
  const line = createByteBuffer(parts.reduce((sum, { length }) => sum + length, 0));
  for (const part of parts) line.add(part);
  return decoder.decode(line.take());
}
