import { createWriteStream } from "node:fs";
import { encodeFrame, type LogEntry } from "@keruta/shared/domain";
import { createOutlet, type Outlet } from "../output/outlet.ts";

/** Everything that went out, as frames in a file, up to a bound. */
export interface Spool {
  add(entry: LogEntry): void;
  /** Writes what was added since the last time. */
  commit(): void;
  readonly outlet: Outlet;
  /** Resolves when the file holds all that will be in it; null, or why it does not hold everything. */
  close(): Promise<string | null>;
}

/** A spool that is full or cannot be written is given up, and never in the command's way. */
export function createSpool(path: string, maxBytes: number): Spool {
  const stream = createWriteStream(path, { flags: "w", mode: 0o600 });
  const outlet = createOutlet(stream);
  let frames: Uint8Array[] = [];
  let bytes = 0;
  let full = false;

  const commit = (): void => {
    if (frames.length === 0) return;
    outlet.write(Buffer.concat(frames));
    frames = [];
  };
  return {
    add(entry) {
      if (full || outlet.broken !== null) return;
      const frame = encodeFrame(entry);
      full = bytes + frame.length > maxBytes;
      if (full) return;
      bytes += frame.length;
      frames.push(frame);
    },
    commit,
    outlet,
    async close() {
      commit();
      await outlet.flushed();
      stream.destroy();
      if (outlet.broken !== null) return `it could not be written (${outlet.broken})`;
      return full ? `it reached its bound of ${String(maxBytes)} bytes` : null;
    },
  };
}
