import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  ftruncateSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { randomFillSync } from "node:crypto";
import { codeOf } from "./failures.ts";

export const reserveBytes = 1024 * 1024;
/** Free bytes from which it is made: less, and it would itself be what fills the disk. */
const roomToMake = 3 * reserveBytes;

/** Beside the database, as its -wal and -shm are. */
export function reservePath(path: string): string {
  return `${path}-reserve`;
}

/**
 * Bytes on the database's disk that are kept for writes that must not fail. The file itself says how it stands, for all
 * processes: whole; given up (it is there and shorter); or none (the disk never had the room).
 */
export interface Reserve {
  /** True while it is given up, and there is no room to make it again; looked at anew at most once a second. */
  isGivenUp(): boolean;
  /** Frees its bytes. False where there was nothing to free. */
  giveUp(): boolean;
}

const lookAgainMilliseconds = 1000;

/** `clock`: milliseconds, of any origin. */
export function openReserve(path: string, clock: () => number): Reserve {
  if (stateOf(path) !== "whole") makeReserve(path);
  let lookedAt = clock();
  return {
    isGivenUp() {
      if (stateOf(path) !== "given") return false;
      if (clock() - lookedAt < lookAgainMilliseconds) return true;
      lookedAt = clock();
      return !makeReserve(path);
    },
    giveUp: () => giveUpReserve(path),
  };
}

export function giveUpReserve(path: string): boolean {
  if (stateOf(path) !== "whole") return false;
  truncateSync(reservePath(path), 0);
  return true;
}

/** Free bytes on the disk of a file, for who is not root. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
}

type State = "none" | "given" | "whole";

function stateOf(path: string): State {
  const size = statSync(reservePath(path), { throwIfNoEntry: false })?.size;
  if (size === undefined) return "none";
  return size < reserveBytes ? "given" : "whole";
}

/** Several processes may do so at once: each writes the same places. */
function makeReserve(path: string): boolean {
  if (freeBytes(path) < roomToMake) return false;
  const file = reservePath(path);
  const isNew = stateOf(path) === "none";
  try {
    fill(file, path);
    return true;
  } catch (error) {
    if (!cannotHave.test(codeOf(error) ?? "")) throw error;
    // Where the disk, a quota or the directory's rights do not let it be, the queue works without.
    if (isNew) rmSync(file, { force: true });
    return false;
  }
}

const cannotHave = /^(ENOSPC|EDQUOT|EROFS|EACCES|EPERM)$/;
const openForWriting = constants.O_WRONLY | constants.O_CREAT;

function fill(file: string, path: string): void {
  const descriptor = openSync(file, openForWriting, 0o600);
  try {
    // As SQLite does with -wal: root must not leave a file that the queue's owner cannot give up.
    const { uid, gid } = statSync(path);
    if (fstatSync(descriptor).uid !== uid) fchownSync(descriptor, uid, gid);
    // No holes, and nothing that a file system could compress.
    const bytes = randomFillSync(new Uint8Array(reserveBytes));
    let written = 0;
    while (written < bytes.length) written += writeSync(descriptor, bytes, written, undefined, written);
  } catch (error) {
    ftruncateSync(descriptor, 0);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
