import type { ArchiveReader } from "@keruta/shared/queue";

/** A place of archived logs. All throw KRT_ARCHIVE_UNREACHABLE where it does not answer or refuses. */
export interface ArchivePlace extends ArchiveReader {
  readonly location: string;
  /** Durable when it resolves. */
  write(key: string, bytes: Uint8Array): Promise<void>;
  /** The same of what comes piece by piece, in a memory that does not grow; nothing is left where `signal` aborts. */
  writeAll(key: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  /** The whole object; throws KRT_ARCHIVE_DAMAGED where it is not there. */
  readAll(key: string): Promise<Uint8Array>;
  /** Nothing where it is not there. */
  remove(key: string): Promise<void>;
}
