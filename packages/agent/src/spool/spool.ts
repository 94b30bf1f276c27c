import { createWriteStream } from "node:fs";
import { chmod, stat, truncate } from "node:fs/promises";
import { addFrame, codeOf, createByteBuffer, type LogEntry } from "@keruta/shared/domain";
import { createOutlet, type Outlet } from "../outlet/outlet.ts";

/** Everything that went out, as frames in a file, up to a bound. */
export interface Spool {
  add(entry: LogEntry): void;
  /** Writes what was added since the last time. A spool that is given up is read-only when all of that is written. */
  commit(): void;
  readonly outlet: Outlet;
  /** Resolves when the file holds all that will be in it; null, or why it does not hold everything. */
  close(): Promise<string | null>;
}

/** A spool that is full or cannot be written is given up, and never in the command's way. */
export function createSpool(path: string, maxBytes: number): Spool {
  const stream = createWriteStream(path, { flags: "w", mode: openMode });
  const outlet = createOutlet(stream);
  const frames = createByteBuffer();
  let bytes = 0;
  let full = false;
  let sealed: Promise<void> | undefined;

  /** For lack of space it is a mode that says so, which takes none. */
  const seal = async (): Promise<void> => {
    await outlet.flushed();
    await chmod(path, sealedMode).catch(() => undefined);
  };
  const commit = (): void => {
    if (frames.length > 0) {
      bytes += frames.length;
      outlet.write(frames.take());
    }
    if (full || outlet.broken !== null) sealed ??= seal();
  };
  return {
    add(entry) {
      if (full || outlet.broken !== null) return;
      const before = frames.length;
      addFrame(frames, entry);
      full = bytes + frames.length > maxBytes;
      if (full) frames.cut(before);
    },
    commit,
    outlet,
    async close() {
      commit();
      await outlet.flushed();
      await sealed;
      stream.destroy();
      if (isFull(outlet.broken)) await makeRoom(path);
      if (outlet.broken !== null) return `it could not be written (${outlet.broken})`;
      return full ? `it reached its bound of ${String(maxBytes)} bytes` : null;
    },
  };
}

const openMode = 0o644;
const sealedMode = 0o444;

/** Of a spool's file, by its mode: nothing more will be in it. */
export function isSealed(mode: number): boolean {
  return (mode & 0o222) === 0;
}

const reportRoom = 64 * 1024;

function isFull(code: string | null): boolean {
  return code === "ENOSPC" || code === "EDQUOT";
}

/** Gives the end of the spool back: on a full disk the report matters more, and readers bear a cut last frame. */
async function makeRoom(path: string): Promise<void> {
  try {
    const { size } = await stat(path);
    await chmod(path, openMode);
    await truncate(path, Math.max(0, size - reportRoom));
    await chmod(path, sealedMode);
  } catch (error) {
    // No room then; where the report cannot be written, that is said.
    if (codeOf(error) === undefined) throw error;
  }
}
