import type { TaskSpec } from "../domain/task/spec.ts";

/** A place of archived log blocks as the queue reads it: a directory or a bucket. */
export interface ArchiveReader {
  /** Exactly `bytes` bytes of the object. Throws KRT_ARCHIVE_… where they cannot be had. */
  read(key: string, offset: number, bytes: number): Promise<Uint8Array>;
}

/** `location` as `Archive.location` has it. */
export type OpenArchive = (location: string) => Promise<ArchiveReader>;

/** One object, with blocks of one log or of many. */
export interface Archive {
  readonly id: string;
  /** A directory's path or `s3://bucket/prefix`; never a credential. */
  readonly location: string;
  readonly key: string;
}

/** What the database holds of one attempt's log; what is archived does not count. */
export interface HeldLog {
  readonly taskId: string;
  readonly attempt: number;
  /** Before compression. */
  readonly rawBytes: number;
  /** Milliseconds since 1970 of the oldest entry. */
  readonly firstTime: number;
  /** More may come: the last block may still grow. */
  readonly isOpen: boolean;
  /** When the task ended, in milliseconds since 1970; null where it has not. */
  readonly endedAt: number | null;
  readonly spec: TaskSpec;
}

export interface HeldLogPage {
  readonly logs: readonly HeldLog[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

export interface UnusedPage {
  readonly archives: readonly Archive[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

export interface HeldBlock {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly lastTime: number;
  readonly rawBytes: number;
}

export interface PackedBlock {
  readonly taskId: string;
  readonly attempt: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Of the compressed block in the object. */
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Moves blocks of logs out of the database: an archive is announced, its object written and verified, and then each
 * block's row points to it. A process may die between any two: blocks are in the database or in a verified object, and
 * an object that no row points to is found by `takeUnused`.
 */
export interface LogArchiveStore {
  /** Logs with blocks in the database, a bounded piece a call. `from`: "", then `next`. */
  listHeldLogs(from: string): Promise<HeldLogPage>;
  /** In order; for an open log without the last, which may still grow. */
  listHeldBlocks(taskId: string, attempt: number): Promise<readonly HeldBlock[]>;
  /** As it is stored, compressed; undefined where it is not in the database (any more). */
  readBlock(taskId: string, attempt: number, firstSequence: number): Promise<Uint8Array | undefined>;
  announceArchive(archive: Archive): Promise<void>;
  /** After the object was read back. Tells how many blocks point to it now; those that are gone do not. */
  moveBlocks(archiveId: string, objectBytes: number, blocks: readonly PackedBlock[]): Promise<number>;
  /**
   * Objects that nothing points to and that were announced before, a bounded piece a call; nothing will point to them
   * any more. `from`: "", then `next`.
   */
  takeUnused(announcedBefore: number, from: string): Promise<UnusedPage>;
  /** After the object was removed. */
  forgetArchive(archiveId: string): Promise<void>;
  /** Gives the space of removed rows back to the file system, piece by piece. */
  reclaim(signal: AbortSignal): Promise<void>;
}
