import { isLoss, type OutputEntry, type StreamName, type Text } from "@keruta/shared/domain";
import { createLogNeutraliser, type LogNeutraliser } from "../../output/log-neutraliser.ts";
import type { LogOutput, LogPrinter } from "./printer.ts";

export interface TextPrinterOptions {
  readonly stdout: LogOutput;
  readonly stderr: LogOutput;
  /** `<id> ` before each line, for several tasks at once. */
  readonly showTask: boolean;
  readonly showTime: boolean;
  readonly notify: (text: Text) => Promise<void>;
}

const batchBytes = 64 * 1024;
const lineFeed = Uint8Array.of(0x0a);

/** The commands' own bytes, stdout's on stdout and stderr's on stderr, in the order in which they came. */
export function createTextPrinter(options: TextPrinterOptions): LogPrinter {
  let batch: Uint8Array[] = [];
  let size = 0;
  let current: StreamName = "stdout";
  const lines = new Map<string, LineState>();

  const flush = async () => {
    const chunk = Buffer.concat(batch, size);
    batch = [];
    size = 0;
    if (chunk.length > 0) await options[current].write(chunk);
  };
  const push = (bytes: Uint8Array) => {
    batch.push(bytes);
    size += bytes.length;
  };

  return {
    async print(taskId, _, entry) {
      if (entry.kind === "gap" && isLoss(entry)) {
        await flush();
        await options.notify(gapText(taskId, entry.why, entry.stdoutBytes, entry.stderrBytes));
      }
      if (entry.kind !== "output") return;
      // Switching streams flushes: only so do the two keep their order on a terminal.
      if (entry.stream !== current) await flush();
      current = entry.stream;
      const key = `${taskId} ${entry.stream}`;
      const state = lines.get(key) ?? newLine(entry.stream);
      lines.set(key, state);
      if (state.atStart) push(Buffer.from(prefixOf(taskId, entry, options)));
      push(
        options[entry.stream].isTTY
          ? Buffer.from(state.neutraliser.next(entry.bytes, entry.newline))
          : entry.bytes,
      );
      if (entry.newline) push(lineFeed);
      state.atStart = entry.newline;
      if (size >= batchBytes) await flush();
    },
    flush,
    async end() {
      await flush();
      for (const { stream, neutraliser } of lines.values()) {
        const held = neutraliser.rest();
        if (held !== "") await options[stream].write(Buffer.from(held));
      }
    },
  };
}

interface LineState {
  atStart: boolean;
  readonly stream: StreamName;
  readonly neutraliser: LogNeutraliser;
}

function newLine(stream: StreamName): LineState {
  return { atStart: true, stream, neutraliser: createLogNeutraliser() };
}

function prefixOf(taskId: string, { time }: OutputEntry, { showTask, showTime }: TextPrinterOptions): string {
  return `${showTask ? `${taskId} ` : ""}${showTime ? `${new Date(time).toISOString()} ` : ""}`;
}

function gapText(taskId: string, why: string, stdoutBytes: number | null, stderrBytes: number | null): Text {
  const known = stdoutBytes !== null && stderrBytes !== null ? String(stdoutBytes + stderrBytes) : null;
  return {
    en: `${known === null ? "A part" : `${known} bytes`} of the log of ${taskId} could not be had: ${why}`,
    ja: `${taskId} のログの${known === null ? "一部" : ` ${known} バイト`}を取得できませんでした: ${why}`,
  };
}
