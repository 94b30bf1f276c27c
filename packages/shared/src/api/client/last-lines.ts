import { lastSequenceOf, type LogEntry, type OutputEntry } from "../../domain/log/entry.ts";
import type { StreamName } from "../../domain/log/stream.ts";

/** The last `count` lines of what comes, and what lies between them; a line counts where it begins. */
export async function* lastLines(entries: AsyncIterable<LogEntry>, count: number): AsyncGenerator<LogEntry> {
  const lines: OutputEntry[][] = [];
  const open: Partial<Record<StreamName, OutputEntry[]>> = {};
  let between: LogEntry[] = [];
  let hasDropped = false;
  for await (const entry of entries) {
    if (entry.kind !== "output") {
      between.push(entry);
      continue;
    }
    const line = open[entry.stream] ?? [];
    if (line.length === 0) lines.push(line);
    line.push(entry);
    if (entry.newline) delete open[entry.stream];
    else open[entry.stream] = line;
    if (lines.length > count) {
      lines.shift();
      hasDropped = true;
      const start = startOf(lines);
      between = between.filter((other) => other.sequence > start);
    }
  }
  const start = hasDropped ? startOf(lines) : 0;
  const kept = [...lines.flat(), ...between.filter((entry) => lastSequenceOf(entry) >= start)];
  yield* kept.toSorted((a, b) => a.sequence - b.sequence);
}

function startOf(lines: readonly (readonly OutputEntry[])[]): number {
  return lines[0]?.[0]?.sequence ?? 0;
}
