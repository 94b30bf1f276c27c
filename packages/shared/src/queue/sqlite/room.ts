import { statSync } from "node:fs";
import type { Database } from "better-sqlite3";
import { codeOf } from "../../domain/error-code.ts";
import { freeBytes, reserveBytes, roomForAll, type Reserve } from "./reserve.ts";

/** How the database's disk is used, so that what must be written can be, also when others have filled it. */
export interface Room {
  /** True where only vital writes are let in. */
  isShort(): boolean;
  /** Whether a usual write, not committed yet, would need more than the reserve afterwards. */
  isTooLarge(): boolean;
  /** Gives up what can be given up; to be called outside a transaction, when a vital write met a full disk. */
  make(): void;
  /** To be called after each commit. */
  committed(): void;
}

export interface RoomParts {
  readonly db: Database;
  readonly path: string;
  readonly reserve: Reserve;
  readonly busyMilliseconds: number;
}

/**
 * A checkpoint moves pages of the WAL into the file, which grows before the WAL can be cut. On a full disk it must get by
 * with the reserve, so the file is not let far behind, and no write may bring it further behind than that.
 */
const farBehind = reserveBytes / 4;
const slack = 64 * 1024;
/** Each is written to the WAL before the file is cut. */
const pagesAtOnce = 32;
/** A reader that holds an old page keeps the WAL from being cut; the next call tries again. */
const cutMilliseconds = 100;

export function createRoom({ db, path, reserve, busyMilliseconds }: RoomParts): Room {
  const freePages = db.prepare("pragma freelist_count").pluck();
  const pageCount = db.prepare("pragma page_count").pluck();
  const pageSize = db.pragma("page_size", { simple: true }) as number;
  /** Bytes by which a checkpoint makes the file grow. */
  const behind = () => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return (pageCount.get() as number) * pageSize - size;
  };

  const cutWal = () => {
    if (freeBytes(path) < behind() + slack) return;
    db.pragma(`busy_timeout = ${String(cutMilliseconds)}`);
    try {
      db.pragma("wal_checkpoint(truncate)");
    } finally {
      db.pragma(`busy_timeout = ${String(busyMilliseconds)}`);
    }
  };

  /** Gives pages of removed rows back to the disk: until there is room for the reserve, or no more of them. */
  const shrink = () => {
    for (let left = freePages.get() as number; left > 0 && freeBytes(path) < roomForAll;) {
      db.pragma(`incremental_vacuum(${String(pagesAtOnce)})`);
      cutWal();
      const before = left;
      left = freePages.get() as number;
      // A file from before auto_vacuum keeps its pages.
      if (left >= before) return;
    }
  };

  let isShort = false;
  return {
    isShort() {
      isShort = reserve.isShort();
      return isShort;
    },
    isTooLarge() {
      const growth = behind();
      // It goes into the WAL first.
      return growth > reserveBytes - 2 * slack && freeBytes(path) < 2 * growth + slack;
    },
    make() {
      reserve.giveUp();
      isShort = true;
      withoutRoom(cutWal);
    },
    committed() {
      // The WAL must not be what takes the reserve's place, nor others.
      if (isShort)
        withoutRoom(() => {
          cutWal();
          shrink();
          reserve.refill();
        });
      else if (behind() > farBehind) withoutRoom(() => db.pragma("wal_checkpoint(passive)"));
    },
  };
}

/** What does not succeed now is tried again after the next commit: nothing that was committed depends on it. */
function withoutRoom(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!codeOf(error)?.startsWith("SQLITE_")) throw error;
  }
}

export function isFull(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR_SHMSIZE)/.test(codeOf(error) ?? "");
}
