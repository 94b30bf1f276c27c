import { open, type FileHandle } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  KerutaError,
  finalSpoolEnd,
  frameHeaderBytes,
  readFrameHeader,
  runFiles,
  spoolEnd,
} from "@keruta/shared/domain";
import { parseSpoolArguments } from "../arguments/run-directory-arguments.ts";
import type { Host } from "../host/host.ts";
import { createOutlet } from "../outlet/outlet.ts";
import { isSealed } from "./spool.ts";

const chunkBytes = 1 << 20;

/**
 * `keruta-agent spool --from SEQ`: whole frames after that sequence, as far as the spool goes now, and `spoolEnd`, or
 * `finalSpoolEnd` where it will go no further; only that where there is no spool. Throws KRT_AGENT, after what is whole, where the rest is damaged.
 */
export async function printSpool(args: readonly string[], host: Host): Promise<number> {
  const options = parseSpoolArguments(args);
  const file = join(resolve(host.directory, options.runDirectory), runFiles.spool);
  const outlet = createOutlet(host.openOutput(1));
  await using handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  let isFinal = false;
  if (handle) {
    const { size, mode } = await handle.stat();
    isFinal = isSealed(mode);
    for await (const frames of wholeFrames(handle, size, file)) {
      outlet.write(framesAfter(frames, options.from));
      await outlet.room();
      if (outlet.broken !== null) return 1;
    }
  }
  outlet.write(isFinal ? finalSpoolEnd : spoolEnd);
  await outlet.flushed();
  return outlet.broken === null ? 0 : 1;
}

/** The file in pieces that begin and end with a frame, up to a size. */
async function* wholeFrames(handle: FileHandle, size: number, file: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for (let at = 0; at < size;) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(chunkBytes, size - at)), {
      position: at,
    });
    if (bytesRead === 0) return;
    at += bytesRead;
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const end = endOfFrames(bytes);
    yield bytes.subarray(0, end);
    rest = bytes.subarray(end);
    if (rest.length >= frameHeaderBytes && !readFrameHeader(rest, 0)) throw damaged(file, at - rest.length);
  }
}

function endOfFrames(bytes: Buffer): number {
  let at = 0;
  for (;;) {
    const header = readFrameHeader(bytes, at);
    if (!header || header.end > bytes.length) return at;
    at = header.end;
  }
}

/** Sequences rise, so that only a beginning is left out. */
function framesAfter(frames: Buffer, from: number): Buffer {
  let at = 0;
  for (;;) {
    const header = readFrameHeader(frames, at);
    if (!header || header.sequence > from) return frames.subarray(at);
    at = header.end;
  }
}

function damaged(file: string, at: number): KerutaError {
  return new KerutaError(
    "KRT_AGENT",
    {
      en: `The spool ${file} is damaged after byte ${String(at)}.`,
      ja: `スプール ${file} が ${String(at)} バイト目以降で壊れています。`,
    },
    {
      hint: {
        en: "What comes before was sent whole; the rest of the log cannot be had.",
        ja: "それより前の内容は送信済みです。残りのログは取り出せません。",
      },
    },
  );
}
