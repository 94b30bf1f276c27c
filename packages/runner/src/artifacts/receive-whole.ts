import type { ArtifactTrailer } from "@keruta/shared/domain";
import type { ArchiveEntry } from "./archive-entry.ts";
import { unlessAborted, type ArtifactStream } from "./artifact-stream.ts";
import type { ArtifactLimits } from "./limits.ts";
import { createNameTree } from "./name-tree.ts";
import type { PartDirectory, WrittenFile } from "./part-directory.ts";
import { readArchive } from "./read-archive.ts";
import { refusal, StreamCut } from "./refusal.ts";
import type { ReceivedFile } from "./verify.ts";

export interface ReceiveProgress {
  readonly files: number;
  /** Of whole files and the one that is coming; less than before after a cut. */
  readonly bytes: number;
}

export interface ReceiveWhole {
  readonly open: (from: number) => Promise<ArtifactStream>;
  readonly part: PartDirectory;
  readonly limits: ArtifactLimits;
  readonly signal: AbortSignal;
  readonly onProgress: ((progress: ReceiveProgress) => void) | undefined;
}

export interface WholeArchive {
  readonly files: readonly ReceivedFile[];
  readonly trailer: ArtifactTrailer;
  /** Still open: its sender waits for the answer. */
  readonly stream: ArtifactStream;
}

/** Runs of the sender in a row that bring no new whole file: a connection that comes back does so before. */
const maxFruitlessRuns = 5;

/** Runs the sender, again after each cut from the first file that is missing, until its trailer has come. */
export async function receiveWhole({
  open,
  part,
  limits,
  signal,
  onProgress,
}: ReceiveWhole): Promise<WholeArchive> {
  const names = createNameTree(limits.entries);
  const files: (WrittenFile & { readonly run: number })[] = [];
  let wholeBytes = 0;

  const take = async (entry: ArchiveEntry, body: AsyncIterable<Uint8Array>, run: number): Promise<void> => {
    if (entry.kind === "directory") {
      await part.makeDirectories(names.addDirectory(entry.path));
      return;
    }
    if (wholeBytes + entry.bytes > limits.totalBytes) throw tooManyBytes(limits.totalBytes);
    await part.makeDirectories(names.addFile(entry.path));
    let bytes = wholeBytes;
    try {
      const file = await part.writeFile(entry, body, (more) => {
        bytes += more;
        onProgress?.({ files: files.length, bytes });
      });
      files.push({ ...file, run });
    } catch (error) {
      names.forgetFile(entry.path);
      throw error;
    }
    wholeBytes += entry.bytes;
    onProgress?.({ files: files.length, bytes: wholeBytes });
  };

  let fruitless = 0;
  for (let run = 1; ; run += 1) {
    const from = files.length;
    let stream: ArtifactStream | undefined;
    try {
      stream = await openUnlessAborted(open, from, signal);
      const onEntry = (entry: ArchiveEntry, body: AsyncIterable<Uint8Array>) => take(entry, body, run);
      const trailer = await readArchive({ bytes: stream.bytes, onEntry, limits, signal });
      return { files: files.map((file) => ({ ...file, isEarlier: file.run < run })), trailer, stream };
    } catch (error) {
      await stream?.close();
      if (!(error instanceof StreamCut)) throw error;
      fruitless = files.length > from ? 0 : fruitless + 1;
      if (fruitless === maxFruitlessRuns) throw cutTooOften(files.length, error);
    }
  }
}

async function openUnlessAborted(
  open: ReceiveWhole["open"],
  from: number,
  signal: AbortSignal,
): Promise<ArtifactStream> {
  signal.throwIfAborted();
  const opening = open(from);
  try {
    return await unlessAborted(signal, () => opening);
  } catch (error) {
    if (signal.aborted) {
      // It may open yet, with nobody to read it.
      opening.then((stream) => stream.close()).catch(() => undefined);
      throw signal.reason;
    }
    throw new StreamCut(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function cutTooOften(files: number, last: StreamCut): StreamCut {
  return new StreamCut(
    `The artifact stream was cut ${String(maxFruitlessRuns)} times in a row after ${String(files)} whole files (${last.message}); run the task again.`,
    { cause: last },
  );
}

function tooManyBytes(limit: number) {
  return refusal({
    en: `The artifacts are over the limit of ${String(limit)} bytes together.`,
    ja: `成果物の合計が上限の ${String(limit)} バイトを超えています。`,
  });
}
