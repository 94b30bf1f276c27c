import type { ArtifactTrailer } from "@keruta/shared/domain";
import { extract as createExtract } from "tar-stream";
import { createArchivePosition } from "./archive-position.ts";
import type { ArtifactLimits } from "./limits.ts";
import { checkEntry } from "./archive-entry.ts";
import type { ArchiveEntry, EntryHeader } from "./archive-entry.ts";
import { unlessAborted } from "./artifact-stream.ts";
import { refusal, StreamCut } from "./refusal.ts";
import { parseTrailer } from "./trailer.ts";

export interface ReadArchive {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Takes one entry and all of its bytes before it returns; a body that is too short was cut. */
  readonly onEntry: (entry: ArchiveEntry, body: AsyncIterable<Uint8Array>) => Promise<void>;
  readonly limits: ArtifactLimits;
  readonly signal: AbortSignal;
}

const sliceBytes = 64 * 1024;
/** What tar-stream says where it is ended inside an entry. */
const unexpectedEnd = "Unexpected end of data";

/**
 * Reads up to the two zero blocks behind the trailer, not to the end of the bytes: the sender waits for its answer
 * with the stream open. Throws StreamCut, KRT_ARTIFACT_REFUSED, the signal's reason, or what `onEntry` throws; by
 * then no entry is being taken any more.
 */
export async function readArchive({ bytes, onEntry, limits, signal }: ReadArchive): Promise<ArtifactTrailer> {
  const parser = createExtract({ highWaterMark: sliceBytes });
  const position = createArchivePosition();
  const over = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  let cut: StreamCut | undefined;
  let trailer: ArtifactTrailer | undefined;
  let isWhole = false;
  let taking: Promise<void> = Promise.resolve();

  const fail = (error: unknown) => {
    failure ??= { error };
    over.abort();
    parser.destroy();
  };
  const endIfWhole = () => {
    if (!trailer || !position.isEnded()) return;
    isWhole = true;
    over.abort();
  };
  const take = async (header: EntryHeader, offset: number, body: AsyncIterable<Uint8Array>) => {
    if (trailer) throw entryAfterTrailer();
    const entry = checkEntry(header, limits);
    position.enter(offset, entry.bytes - entry.offset);
    if (entry.kind !== "trailer") return onEntry(entry, body);
    trailer = parseTrailer(await readTrailer(entry.bytes, limits.listBytes, body));
    endIfWhole();
  };
  const onAbort = () => {
    fail(signal.reason);
  };

  parser.on("error", (error) => {
    fail(cut && error.message === unexpectedEnd ? cut : malformed(error));
  });
  parser.on("entry", (header, body, next) => {
    // A body that is destroyed under its reader emits this as well as ending the read.
    body.on("error", () => undefined);
    // Its types leave out that it iterates.
    const content = body as unknown as AsyncIterable<Uint8Array>;
    taking = take(header, body.offset, content).then(() => {
      next();
    }, fail);
  });
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await feed();
  } catch (error) {
    fail(error);
  } finally {
    signal.removeEventListener("abort", onAbort);
    parser.destroy();
    await taking;
  }
  if (failure) throw failure.error;
  if (trailer === undefined || !isWhole) throw cut ?? endedEarly();
  return trailer;

  async function feed(): Promise<void> {
    const chunks = bytes[Symbol.asyncIterator]();
    while (!over.signal.aborted) {
      const chunk = await nextChunk(chunks, over.signal);
      if (chunk === undefined) return;
      if (chunk instanceof StreamCut) {
        // What has arrived is still taken: it may be a whole file, or all of the archive.
        cut = chunk;
        parser.end(null);
        await until("finish", "close");
        await taking;
        return;
      }
      for (let start = 0; start < chunk.length && !failure; start += sliceBytes) {
        const slice = chunk.subarray(start, start + sliceBytes);
        position.feed(slice);
        if (!parser.write(slice)) await until("drain");
      }
      endIfWhole();
    }
  }

  function until(...events: readonly ("drain" | "finish" | "close")[]): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        for (const event of events) parser.off(event, done);
        over.signal.removeEventListener("abort", done);
        resolve();
      };
      for (const event of events) parser.on(event, done);
      over.signal.addEventListener("abort", done);
      if (over.signal.aborted) done();
    });
  }
}

/** undefined where reading is over; a source that ends by itself or throws was cut. */
async function nextChunk(
  chunks: AsyncIterator<Uint8Array>,
  over: AbortSignal,
): Promise<Uint8Array | StreamCut | undefined> {
  try {
    const result = await unlessAborted(over, async () => chunks.next());
    return result.done === true ? endedEarly() : result.value;
  } catch (error) {
    if (over.aborted) return undefined;
    return new StreamCut(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function endedEarly(): StreamCut {
  return new StreamCut("The stream ended before its trailer.");
}

async function readTrailer(
  announced: number,
  most: number,
  body: AsyncIterable<Uint8Array>,
): Promise<Buffer> {
  if (announced > most) {
    throw refusal({
      en: `The trailer of the artifact archive is ${String(announced)} bytes, over the ${String(most)} that are read.`,
      ja: `成果物アーカイブのトレーラーが ${String(announced)} バイトあり、上限の ${String(most)} バイトを超えています。`,
    });
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const content = Buffer.concat(chunks);
  if (content.length !== announced) throw new StreamCut("The stream ended inside its trailer.");
  return content;
}

function malformed(error: Error) {
  return refusal({
    en: `The artifact stream is not a valid tar archive (${error.message}).`,
    ja: `成果物のストリームが正しい tar アーカイブではありません (${error.message})。`,
  });
}

function entryAfterTrailer() {
  return refusal({
    en: "The artifact archive goes on after its trailer.",
    ja: "成果物アーカイブがトレーラーの後ろに続いています。",
  });
}
