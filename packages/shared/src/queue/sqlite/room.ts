import { statSync } from "node:fs";
import type { Database } from "better-sqlite3";
import { codeOf } from "./failures.ts";
import { freeBytes, reserveBytes, type Reserve } from "./reserve.ts";

/** How the database's disk is used, so that what must be written can be, also when others have filled it. */
export interface Room {
  /** True where only vital writes are let in. */
  isShort(): boolean;
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
 * A checkpoint moves pages of the WAL into the file, which grows before the WAL can be cut: on a full disk it fails, and
 * would first eat what the reserve left. So the file is never let far behind: what it needs stays well below the reserve.
 */
const farBehind = reserveBytes / 4;
const slack = 64 * 1024;
/** A reader that holds an old page keeps the WAL from being cut; the next call tries again. */
const cutMilliseconds = 100;

export function createRoom({ db, path, reserve, busyMilliseconds }: RoomParts): Room {
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
      checkpoint(db, "truncate");
    } finally {
      db.pragma(`busy_timeout = ${String(busyMilliseconds)}`);
    }
  };

  let isGiven = false;
  return {
    isShort() {
      isGiven = reserve.isGivenUp();
      return isGiven;
    },
    make() {
      reserve.giveUp();
      isGiven = true;
      cutWal();
    },
    committed() {
      // With the reserve gone the WAL must not be what takes its place.
      if (isGiven) cutWal();
      else if (behind() > farBehind) checkpoint(db, "passive");
    },
  };
}

function checkpoint(db: Database, mode: "passive" | "truncate"): void {
  try {
    db.pragma(`wal_checkpoint(${mode})`);
  } catch (error) {
    // As after SQLite's own: what was committed is in the WAL, and stays there until one succeeds.
    if (!codeOf(error)?.startsWith("SQLITE_")) throw error;
  }
}

export function isFull(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR_SHMSIZE)/.test(codeOf(error) ?? "");
}
