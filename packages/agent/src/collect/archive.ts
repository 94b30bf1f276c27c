import { once } from "node:events";
import { stat } from "node:fs/promises";
import { finished } from "node:stream/promises";
import {
  artifactOffsetHeader,
  artifactTotalHeader,
  artifactTrailerName,
  type ArtifactTrailer,
  type ArtifactTrailerFile,
} from "@keruta/shared/domain";
import { pack as createPack, type Pack } from "tar-stream";
import type { CollectOptions } from "../arguments/collect-arguments.ts";
import { findFiles, type Found, type FoundFile } from "./find-files.ts";
import { openInside } from "./open-inside.ts";
import { createSentNames } from "./sent-names.ts";
import { findRoots } from "./roots.ts";
import { sendFile } from "./send-file.ts";
import { missing } from "./walk.ts";

/**
 * The artifacts as one tar stream, the trailer as its last entry, read no faster than it is taken. Throws where the
 * disk fails, and ends short then.
 */
export async function* archiveOf(options: CollectOptions): AsyncGenerator<Uint8Array> {
  const found = await findFiles(options, await findRoots(options));
  const pack = createPack();
  // A reader that leaves early leaves a writer that waits, with a file open.
  const left = new AbortController();
  const written = writeArchive(pack, found, options, left.signal);
  written.catch((error: unknown) => {
    pack.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    yield* pack as AsyncIterable<Uint8Array>;
    await written;
  } finally {
    left.abort();
    pack.destroy();
  }
}

async function writeArchive(
  pack: Pack,
  { files, unmatched, leftOut }: Found,
  options: CollectOptions,
  signal: AbortSignal,
): Promise<void> {
  const listed: ArtifactTrailerFile[] = [];
  const names = createSentNames();
  let sentCount = 0;
  let totalBytes = 0;
  const expectedBytes = String(await bytesOf(files, options));
  for (const file of files) {
    const refused = names.refuse(file.name);
    const entry = refused === undefined ? await openInside(file.path, file.root.path) : { refused };
    if ("refused" in entry) {
      listed.push(skippedFile(file.name, 0, "unsafe", entry.refused));
      continue;
    }
    const { handle, size, mode, mtimeMs } = entry;
    try {
      if (size > options.maxBytes) {
        listed.push(skippedFile(file.name, size, "too-large", `over ${String(options.maxBytes)} bytes`));
      } else if (totalBytes + size > options.maxTotalBytes) {
        const note = `over ${String(options.maxTotalBytes)} bytes together with the files before it`;
        listed.push(skippedFile(file.name, size, "total-too-large", note));
      } else {
        totalBytes += size;
        sentCount += 1;
        const isWanted = sentCount > options.from;
        const known = sentCount === options.from + 1 && options.offset <= size ? options.offset : 0;
        const sink = isWanted
          ? pack.entry({
              name: file.name,
              size: size - known,
              mode,
              mtime: new Date(mtimeMs),
              ...(sentCount === options.from + 1 && {
                pax: {
                  [artifactTotalHeader]: expectedBytes,
                  ...(known > 0 && { [artifactOffsetHeader]: String(known) }),
                },
              }),
            })
          : undefined;
        let position = 0;
        const { sha256, changed } = await sendFile(handle, size, async (chunk) => {
          const wanted = chunk.subarray(Math.min(chunk.length, Math.max(0, known - position)));
          position += chunk.length;
          if (wanted.length > 0 && sink && !sink.write(wanted)) await once(sink, "drain", { signal });
        });
        if (sink) {
          const ended = finished(sink);
          sink.end(() => undefined);
          await ended;
        }
        const note = changed ? "its size changed while it was read" : "";
        listed.push({
          path: file.name,
          bytes: size,
          sha256,
          mode,
          skipped: changed ? "changed" : null,
          note,
        });
      }
    } finally {
      await handle.close();
    }
  }
  listed.push(...leftOut.map(({ path, bytes, skipped, note }) => skippedFile(path, bytes, skipped, note)));
  pack.entry({ name: artifactTrailerName }, JSON.stringify(trailerOf(listed, unmatched)));
  pack.finalize();
}

async function bytesOf(
  files: readonly FoundFile[],
  { maxBytes, maxTotalBytes }: CollectOptions,
): Promise<number> {
  let sum = 0;
  for (const { path } of files) {
    const size = (await stat(path).catch(missing))?.size ?? 0;
    if (size <= maxBytes) sum += size;
  }
  return Math.min(sum, maxTotalBytes);
}

function trailerOf(files: readonly ArtifactTrailerFile[], unmatched: readonly string[]): ArtifactTrailer {
  const whole = files.filter(({ skipped }) => skipped === null);
  const bytes = whole.reduce((sum, file) => sum + file.bytes, 0);
  return { version: 1, count: whole.length, bytes, files, unmatched };
}

function skippedFile(
  path: string,
  bytes: number,
  skipped: "too-large" | "total-too-large" | "unsafe",
  note: string,
): ArtifactTrailerFile {
  return { path, bytes, sha256: null, mode: 0, skipped, note };
}
