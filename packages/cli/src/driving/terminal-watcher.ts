import type { LogEntry, Text } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";
import { progressText } from "../progress/progress-text.ts";
import { createStatusLine } from "../output/status-line.ts";
import { phaseLine } from "./phase-line.ts";
import type { Watcher } from "./watcher.ts";

/**
 * `inner` with a status line under it. The line leaves the terminal to the task's own output: from the first byte on
 * it stays away until the next phase, and it is never drawn into a line that the task has not ended.
 */
export function createTerminalWatcher(context: Context, inner: Watcher): Watcher {
  const { io, machine } = context;
  const line = createStatusLine({ sink: io.stderr, timers: machine.timers });
  let words: Promise<void> = Promise.resolve();
  let collectingSince = context.clock();
  return {
    attempt: async (task) => inner.attempt(task),
    phase(phase) {
      if (phase === "Collecting") collectingSince = context.clock();
      line.show(phase === "Done" ? null : phaseLine(context, phase));
    },
    async entries(task, entries) {
      const shown = lastShown(entries, io.stdout.isTTY);
      if (!shown) {
        await inner.entries(task, entries);
        return;
      }
      line.show(null);
      await line.around(async () => {
        await inner.entries(task, entries);
        line.atLineStart = shown.newline;
      });
    },
    notice(text: Text) {
      words = words.then(async () =>
        line.around(async () => {
          inner.notice(text);
          await inner.flush();
          line.atLineStart = true;
        }),
      );
      // `flush` throws it.
      words.catch(() => undefined);
    },
    artifacts(progress) {
      const { bytes, expectedBytes } = progress;
      line.show(() => progressText(context, { bytes, expectedBytes, since: collectingSince }));
    },
    settled: async (task) => {
      line.show(null);
      await inner.settled(task);
    },
    async flush() {
      try {
        await words;
      } finally {
        await line.end();
      }
      await inner.flush();
    },
  };
}

/** The last entry that reaches the terminal: stdout may go elsewhere. */
function lastShown(entries: readonly LogEntry[], isStdoutShown: boolean) {
  return entries.findLast(
    (entry): entry is Extract<LogEntry, { kind: "output" }> =>
      entry.kind === "output" && (isStdoutShown || entry.stream === "stderr"),
  );
}
