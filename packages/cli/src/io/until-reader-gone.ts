import { BrokenPipe, type Sink } from "./io.ts";

type Writer = Pick<Sink, "write">;

/** A reader that went away (`| head`) ends the printing, not the task: its result is still wanted. */
export function untilReaderGone(sink: Writer): Writer {
  let isOpen = true;
  return {
    async write(data) {
      if (!isOpen) return;
      try {
        await sink.write(data);
      } catch (error) {
        if (!(error instanceof BrokenPipe)) throw error;
        isOpen = false;
      }
    },
  };
}
