import type { LogEntry, Text } from "@keruta/shared/domain";
import type { Sink } from "../io/io.ts";
import { untilReaderGone } from "../io/until-reader-gone.ts";
import type { Context } from "../context/context.ts";
import { createLogNeutraliser } from "../output/log-neutraliser.ts";
import type { Watcher } from "./watcher.ts";

const newline = Buffer.from("\n");

/** The task's stdout on stdout and its stderr on stderr, byte for byte; keruta's own words on stderr. */
export function createTextWatcher(context: Context): Watcher {
  const { io } = context;
  const sinks = { stdout: createLogSink(io.stdout), stderr: createLogSink(io.stderr) };
  let words: Promise<void> = Promise.resolve();
  let isInLine = false;

  /** keruta's words do not go on in a line of the task's. */
  const startLine = async () => {
    for (const sink of [sinks.stdout, sinks.stderr]) await sink.end();
    if (!isInLine || !io.stderr.isTTY) return;
    isInLine = false;
    await sinks.stderr.write({ bytes: newline, isLineEnd: true });
  };
  const say = (isSaid: boolean, speak: (text: Text) => Promise<void>, text: Text) => {
    if (!isSaid) return;
    words = words.then(async () => {
      await startLine();
      await speak(text);
    });
  };
  return {
    attempt: async () => undefined,
    phase(phase) {
      const { quiet, verbose } = context.globals;
      say(verbose === true && quiet !== true, context.explain, { en: `phase ${phase}`, ja: `段階 ${phase}` });
    },
    async entries(_task, entries) {
      // In runs of one stream, so that a chunk is one write and the order over both streams stays.
      for (const run of runsOf(entries)) {
        await sinks[run.stream].write(run);
        if (io[run.stream].isTTY) isInLine = !run.isLineEnd;
      }
    },
    notice(text) {
      say(context.globals.quiet !== true, context.notify, text);
    },
    artifacts: () => undefined,
    settled: startLine,
    async flush() {
      await words;
      await startLine();
    },
  };
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly isLineEnd: boolean;
}

interface LogSink {
  write(piece: Piece): Promise<void>;
  /** Nothing of the line that was begun comes any more. */
  end(): Promise<void>;
}

function createLogSink(sink: Sink): LogSink {
  const open = untilReaderGone(sink);
  const { next, rest } = createLogNeutraliser();
  return {
    write: ({ bytes, isLineEnd }) => open.write(sink.isTTY ? next(bytes, isLineEnd) : bytes),
    async end() {
      const held = rest();
      if (held !== "") await open.write(held);
    },
  };
}

interface Run extends Piece {
  readonly stream: "stdout" | "stderr";
}

function runsOf(entries: readonly LogEntry[]): readonly Run[] {
  const runs: { stream: Run["stream"]; parts: Uint8Array[]; isLineEnd: boolean }[] = [];
  for (const entry of entries) {
    if (entry.kind !== "output") continue;
    let run = runs.at(-1);
    if (run?.stream !== entry.stream) {
      run = { stream: entry.stream, parts: [], isLineEnd: false };
      runs.push(run);
    }
    run.parts.push(entry.bytes);
    if (entry.newline) run.parts.push(newline);
    run.isLineEnd = entry.newline;
  }
  return runs.map(({ stream, parts, isLineEnd }) => ({ stream, bytes: Buffer.concat(parts), isLineEnd }));
}
