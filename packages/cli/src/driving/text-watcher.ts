import type { LogEntry, Text } from "@keruta/shared/domain";
import type { Sink } from "../io/io.ts";
import { untilReaderGone } from "../io/until-reader-gone.ts";
import type { Context } from "../context/context.ts";
import { neutraliseLog } from "../output/neutralise.ts";
import type { Watcher } from "./watcher.ts";

const newline = Buffer.from("\n");

/** The task's stdout on stdout and its stderr on stderr, byte for byte; keruta's own words on stderr. */
export function createTextWatcher(context: Context): Watcher {
  const { io } = context;
  const stdout = createByteSink(io.stdout);
  const stderr = createByteSink(io.stderr);
  let words: Promise<void> = Promise.resolve();
  const say = (text: Text) => {
    words = words.then(() => context.explain(text));
  };
  return {
    attempt: async () => undefined,
    phase(phase) {
      say({ en: `phase ${phase}`, ja: `段階 ${phase}` });
    },
    async entries(_task, entries) {
      // In runs of one stream, so that a chunk is one write and the order over both streams stays.
      for (const run of runsOf(entries)) await (run.stream === "stdout" ? stdout : stderr).write(run.bytes);
    },
    notice(text) {
      words = words.then(() => context.notify(text));
    },
    artifacts: () => undefined,
    settled: async () => undefined,
    flush: () => words,
  };
}

interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

function createByteSink(sink: Sink): ByteSink {
  const open = untilReaderGone(sink);
  return {
    write: (bytes) => open.write(sink.isTTY ? neutraliseLog(Buffer.from(bytes).toString("utf8")) : bytes),
  };
}

function runsOf(entries: readonly LogEntry[]): { stream: "stdout" | "stderr"; bytes: Buffer }[] {
  const runs: { stream: "stdout" | "stderr"; parts: Uint8Array[] }[] = [];
  for (const entry of entries) {
    if (entry.kind !== "output") continue;
    let run = runs.at(-1);
    if (run?.stream !== entry.stream) {
      run = { stream: entry.stream, parts: [] };
      runs.push(run);
    }
    run.parts.push(entry.bytes);
    if (entry.newline) run.parts.push(newline);
  }
  return runs.map(({ stream, parts }) => ({ stream, bytes: Buffer.concat(parts) }));
}
