import { createHash } from "node:crypto";
import {
  digestText,
  isLoss,
  type GapReason,
  type LogEntry,
} from "../../../packages/shared/src/domain/index.ts";
import type { ExpectedOutput } from "../plan/task-file.ts";

const streams = ["stdout", "stderr"] as const;
type Stream = (typeof streams)[number];

interface SeenGap {
  readonly reason: GapReason;
  readonly stdoutBytes: number | null;
  readonly stderrBytes: number | null;
}

/** An attempt's stored log, held against what its command writes. */
export interface LogFacts {
  /** The first byte that is not what it should be, in words; null where there is none. */
  readonly mismatch: string | null;
  /** Bytes stored, without gaps. */
  readonly bytes: number;
  /** Of stored bytes, as a summary has it. */
  readonly sha256: string;
  /** How far it goes, of what the command writes in all; gaps of known size count. */
  readonly reached: Readonly<Record<Stream, number>>;
  readonly expected: Readonly<Record<Stream, number>>;
  readonly stdout: { readonly bytes: number; readonly sha256: string };
  readonly gaps: readonly SeenGap[];
  /** Entries whose sequence does not follow. */
  readonly holes: number;
  /** `started` records: the agent's own word for each start. */
  readonly started: number;
  /** The last lines, for people. */
  readonly tail: readonly string[];
}

const keptLines = 5;

/** Walks over the entries in order; what a gap stands for is skipped exactly, where its size is known. */
export async function readLogFacts(
  entries: AsyncIterable<LogEntry> | Iterable<LogEntry>,
  expected: ExpectedOutput,
): Promise<LogFacts> {
  const at = { stdout: 0, stderr: 0 };
  /** After a gap of unknown size: the next bytes say where it goes on. */
  const isLost = { stdout: false, stderr: false };
  const stored = { stdout: 0, stderr: 0 };
  const hash = { stdout: createHash("sha256"), stderr: createHash("sha256") };
  const gaps: SeenGap[] = [];
  const tail: string[] = [];
  let mismatch: string | null = null;
  let [last, holes, started] = [0, 0, 0];

  const takeBytes = (stream: Stream, bytes: Uint8Array) => {
    hash[stream].update(bytes);
    stored[stream] += bytes.length;
    const whole = expected[stream];
    if (isLost[stream]) {
      const found = whole.indexOf(bytes, at[stream]);
      if (found !== -1) at[stream] = found;
      isLost[stream] = false;
    }
    const from = at[stream];
    if (mismatch === null && Buffer.compare(whole.subarray(from, from + bytes.length), bytes) !== 0) {
      mismatch = `${stream} differs after ${String(from)} of ${String(whole.length)} bytes: ${show(bytes)} instead of ${show(whole.subarray(from, from + bytes.length))}`;
    }
    at[stream] += bytes.length;
  };

  for await (const entry of entries) {
    if (entry.sequence !== last + 1) holes += 1;
    last = entry.kind === "gap" ? entry.lastSequence : entry.sequence;
    if (entry.kind === "control") {
      if (entry.control.type === "started") started += 1;
    } else if (entry.kind === "gap") {
      const { reason, stdoutBytes, stderrBytes } = entry;
      if (isLoss(entry)) gaps.push({ reason, stdoutBytes, stderrBytes });
      for (const stream of streams) {
        const bytes = stream === "stdout" ? stdoutBytes : stderrBytes;
        if (bytes === null) isLost[stream] = true;
        else at[stream] += bytes;
      }
    } else {
      const bytes = entry.newline
        ? Buffer.concat([entry.bytes, Buffer.from("\n")])
        : Buffer.from(entry.bytes);
      takeBytes(entry.stream, bytes);
      tail.push(`${entry.stream} ${show(entry.bytes)}`);
      if (tail.length > keptLines) tail.shift();
    }
  }
  const digest = (stream: Stream) => ({ bytes: stored[stream], sha256: hash[stream].digest("hex") });
  const [stdout, stderr] = [digest("stdout"), digest("stderr")];
  return {
    mismatch,
    bytes: stored.stdout + stored.stderr,
    sha256: createHash("sha256").update(digestText(stdout, stderr)).digest("hex"),
    reached: at,
    expected: { stdout: expected.stdout.length, stderr: expected.stderr.length },
    stdout,
    gaps,
    holes,
    started,
    tail,
  };
}

function show(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes.subarray(0, 60)).toString("latin1"));
}
