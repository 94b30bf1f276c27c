import type { Timers } from "@keruta/runner/stages";
import type { Sink } from "../io/io.ts";
import { cut } from "./width.ts";

export interface StatusLine {
  /** What the line says from now on; null: nothing. It appears at the next tick. */
  show(text: (() => string) | null): void;
  /** Clears the line and lets `write` have the terminal alone. */
  around(write: () => Promise<void>): Promise<void>;
  /** For whoever writes to say: in the middle of somebody's line the status line is not drawn. */
  atLineStart: boolean;
  /** Clears the line for good and stops the clock; resolves when it is gone. */
  end(): Promise<void>;
}

export interface StatusLineDeps {
  readonly sink: Sink;
  readonly timers: Timers;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const tickMilliseconds = 120;
const clearLine = "\r\u001B[K";

/** One line at the bottom of a terminal that is written again and again; nobody else's bytes get into it. */
export function createStatusLine({ sink, timers }: StatusLineDeps): StatusLine {
  let text: (() => string) | null = null;
  let isDrawn = false;
  let isDrawing = false;
  let frame = 0;
  let hasEnded = false;
  let queue: Promise<void> = Promise.resolve();
  const inOrder = (act: () => Promise<void>) => {
    const done = queue.then(act);
    // Whoever waits for it gets the error; the next one in the queue does its own work all the same.
    queue = done.catch(() => undefined);
    return done;
  };

  const clear = async () => {
    if (!isDrawn) return;
    isDrawn = false;
    await sink.write(clearLine);
  };
  const draw = async () => {
    if (hasEnded || !text || !line.atLineStart) return;
    const spinner = frames[frame++ % frames.length] ?? "";
    isDrawn = true;
    // The last column stays free: some terminals go on to the next line when it is written.
    await sink.write(`${clearLine}${cut(`${spinner} ${text()}`, sink.columns - 1)}`);
  };
  let stopTicking: (() => void) | undefined;
  const tick = () => {
    // A terminal that is slow gets one frame at a time.
    if (isDrawing || !text) return;
    isDrawing = true;
    // A terminal that is gone fails whoever writes something of worth to it.
    void inOrder(draw)
      .catch(() => undefined)
      .finally(() => {
        isDrawing = false;
      });
  };

  const line: StatusLine = {
    atLineStart: true,
    show(next) {
      text = next;
      if (!hasEnded) stopTicking ??= timers.every(tickMilliseconds, tick);
      if (next === null) void inOrder(clear).catch(() => undefined);
    },
    around: (write) =>
      inOrder(async () => {
        await clear();
        await write();
      }),
    async end() {
      hasEnded = true;
      stopTicking?.();
      await inOrder(clear).catch(() => undefined);
    },
  };
  return line;
}
