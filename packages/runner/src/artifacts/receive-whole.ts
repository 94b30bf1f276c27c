import { isKerutaError, type ArtifactTrailer } from "@keruta/shared/domain";
import type { ArchiveEntry } from "./archive-entry.ts";
import { unlessAborted, type ArtifactStream } from "./artifact-stream.ts";
import type { ArtifactLimits } from "./limits.ts";
import { createNameTree } from "./name-tree.ts";
import { CutInside, type PartDirectory, type UnfinishedFile, type WrittenFile } from "./part-directory.ts";
import { readArchive } from "./read-archive.ts";
import { refusal, StreamCut } from "./refusal.ts";
import type { ReceivedFile } from "./verify.ts";

export interface ReceiveProgress {
  readonly files: number;
  /** Of whole files and the one that is coming; less than before after a cut. */
  readonly bytes: number;
  /** What the sender expects them to come to; null before it has said so. */
  readonly expectedBytes: number | null;
}

export interface ReceiveWhole {
  readonly open: OpenArtifacts;
  readonly part: PartDirectory;
  readonly limits: ArtifactLimits;
  readonly signal: AbortSignal;
  readonly onProgress: ((progress: ReceiveProgress) => void) | undefined;
  /** Runs of the sender in a row that bring nothing new, after which it is given up. */
  readonly fruitlessRuns: number;
  readonly mayAskAgain?: MayAskAgain | undefined;
  /** A run that was cut brought something new. */
  readonly onBrought?: (() => void) | undefined;
}

/** Waits, where the sender of a run that brought nothing will be there again: then that run does not count. */
export type MayAskAgain = (why: unknown) => Promise<boolean>;

export interface WholeArchive {
  readonly files: readonly ReceivedFile[];
  readonly trailer: ArtifactTrailer;
  /** Still open: its sender waits for the answer. */
  readonly stream: ArtifactStream;
}

/** Starts the sender so that it begins with its file number `from` (0 is the first), `offset` bytes into it. */
export type OpenArtifacts = (from: number, offset: number) => Promise<ArtifactStream>;

/** The arguments of `keruta-agent collect` for where a run is to begin. */
export function startingAt(args: readonly string[], from: number, offset: number): readonly string[] {
  return [...args, "--from", String(from), "--offset", String(offset)];
}

/** Runs the sender, again after each cut from the first byte that is missing, until its trailer has come. */
export async function receiveWhole({
  open,
  part,
  limits,
  signal,
  onProgress,
  fruitlessRuns,
  mayAskAgain = () => Promise.resolve(false),
  onBrought = () => undefined,
}: ReceiveWhole): Promise<WholeArchive> {
  const names = createNameTree(limits);
  const files: (WrittenFile & { readonly run: number })[] = [];
  let wholeBytes = 0;
  let expectedBytes: number | null = null;
  let unfinished: { readonly file: UnfinishedFile; readonly run: number } | undefined;

  const take = async (entry: ArchiveEntry, body: AsyncIterable<Uint8Array>, run: number): Promise<void> => {
    if (entry.kind === "directory") {
      await part.makeDirectories(names.addDirectory(entry.path));
      return;
    }
    expectedBytes = entry.expectedBytes ?? expectedBytes;
    if (wholeBytes + entry.bytes > limits.totalBytes) throw tooManyBytes(limits.totalBytes);
    const earlier = unfinished && continues(entry, unfinished.file) ? unfinished : undefined;
    if (!earlier) await forgetUnfinished();
    // Another file is there now, or another size: it comes whole on the next run.
    if (entry.offset > 0 && !earlier) throw new StreamCut("The sender went on in another file.");
    if (!earlier) await part.makeDirectories(names.addFile(entry.path));
    unfinished = undefined;
    let bytes = wholeBytes + (earlier?.file.bytes ?? 0);
    const onBytes = (more: number) => {
      bytes += more;
      onProgress?.({ files: files.length, bytes, expectedBytes });
    };
    try {
      const file = await part.writeFile(entry, body, { onBytes, ...(earlier && { earlier: earlier.file }) });
      files.push({ ...file, run: earlier?.run ?? run });
    } catch (error) {
      if (error instanceof CutInside) unfinished = { file: error.file, run: earlier?.run ?? run };
      else names.forgetFile(entry.path);
      throw error;
    }
    wholeBytes += entry.bytes;
    onProgress?.({ files: files.length, bytes: wholeBytes, expectedBytes });
  };
  const forgetUnfinished = async (): Promise<void> => {
    if (!unfinished) return;
    names.forgetFile(unfinished.file.path);
    await part.removeUnfinished(unfinished.file);
    unfinished = undefined;
  };
  const received = () => wholeBytes + (unfinished?.file.bytes ?? 0);

  let fruitless = 0;
  for (let run = 1; ; run += 1) {
    const before = { files: files.length, bytes: received() };
    let stream: ArtifactStream | undefined;
    try {
      const offset = unfinished?.file.bytes ?? 0;
      stream = await openUnlessAborted(() => open(files.length, offset), signal);
      const onEntry = (entry: ArchiveEntry, body: AsyncIterable<Uint8Array>) => take(entry, body, run);
      const trailer = await readArchive({ bytes: stream.bytes, onEntry, limits, signal });
      await forgetUnfinished();
      return { files: files.map((file) => ({ ...file, isEarlier: file.run < run })), trailer, stream };
    } catch (error) {
      await stream?.close();
      if (!(error instanceof StreamCut)) throw error;
      if (files.length > before.files || received() > before.bytes) {
        fruitless = 0;
        onBrought();
      } else if (!(await mayAskAgain(reasonOf(error)))) fruitless += 1;
      if (fruitless === fruitlessRuns) throw cutTooOften(fruitless, files.length, error);
    }
  }
}

function continues(entry: ArchiveEntry, { path, bytes, size }: UnfinishedFile): boolean {
  return entry.path === path && entry.offset === bytes && entry.bytes === size;
}

async function openUnlessAborted(
  open: () => Promise<ArtifactStream>,
  signal: AbortSignal,
): Promise<ArtifactStream> {
  signal.throwIfAborted();
  const opening = open();
  try {
    return await unlessAborted(signal, () => opening);
  } catch (error) {
    if (signal.aborted) {
      // It may open yet, with nobody to read it.
      opening.then((stream) => stream.close()).catch(() => undefined);
      throw signal.reason;
    }
    // What is forbidden stays so.
    if (isKerutaError(error, "KRT_CLUSTER_FORBIDDEN")) throw error;
    throw new StreamCut(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function cutTooOften(runs: number, files: number, last: StreamCut): StreamCut {
  return new StreamCut(
    `The artifact stream was cut ${String(runs)} times in a row after ${String(files)} whole files (${last.message}); run the task again.`,
    { cause: last },
  );
}

function tooManyBytes(limit: number) {
  return refusal({
    en: `The artifacts are over the limit of ${String(limit)} bytes together.`,
    ja: `成果物の合計が上限の ${String(limit)} バイトを超えています。`,
  });
}

/** What the connection's adapter made of it, not the system's error below that. */
function reasonOf(error: Error): unknown {
  if (isKerutaError(error) || !(error.cause instanceof Error)) return error;
  return reasonOf(error.cause);
}
