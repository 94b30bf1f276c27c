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
import { codeOf } from "../../domain/error-code.ts";

export const reserveBytes = 1024 * 1024;
/** Free bytes, with those of the reserve, from which it is made and usual writes are let in: less, and they fill the disk. */
export const roomForAll = 3 * reserveBytes;
/** Left beside it for a write that is on its way, where it is filled again on a disk that is nearly full. */
const roomBeside = reserveBytes / 4;

/** Beside the database, as its -wal and -shm are. */
export function reservePath(path: string): string {
  return `${path}-reserve`;
}

/**
 * Bytes on the database's disk that are kept for writes that must not fail. The size of the file says how it stands, for
 * all processes: whole; kept (a byte more: it was needed, is there again, and the disk is still short); given up (less);
 * or there is none (the disk never had the room).
 */
export interface Reserve {
  /** True from when it is given up until there is room for all; looked at anew at most once a second. */
  isShort(): boolean;
  /** Frees its bytes. False where there was nothing to free. */
  giveUp(): boolean;
  /** Takes its bytes again before others do, where they are free. */
  refill(): void;
}

const lookAgainMilliseconds = 1000;

/** `clock`: milliseconds, of any origin. */
export function openReserve(path: string, clock: () => number): Reserve {
  const state = stateOf(path);
  if (state !== "whole" && freeBytes(path) + heldBytes(state) >= roomForAll) makeWhole(path, state);
  let lookedAt = clock();
  return {
    isShort() {
      const now = stateOf(path);
      if (now === "whole" || now === "none") return false;
      if (clock() - lookedAt < lookAgainMilliseconds) return true;
      lookedAt = clock();
      return freeBytes(path) + heldBytes(now) < roomForAll || !makeWhole(path, now);
    },
    giveUp: () => giveUpReserve(path),
    refill() {
      if (stateOf(path) === "given" && freeBytes(path) >= reserveBytes + roomBeside)
        fill(path, reserveBytes + 1);
    },
  };
}

export function giveUpReserve(path: string): boolean {
  const state = stateOf(path);
  if (state === "none" || state === "given") return false;
  truncateSync(reservePath(path), 0);
  return true;
}

/** Free bytes on the disk of a file, for who is not root. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
}

type State = "none" | "given" | "kept" | "whole";

function stateOf(path: string): State {
  const size = statSync(reservePath(path), { throwIfNoEntry: false })?.size;
  if (size === undefined) return "none";
  if (size < reserveBytes) return "given";
  return size === reserveBytes ? "whole" : "kept";
}

function heldBytes(state: State): number {
  return state === "kept" ? reserveBytes : 0;
}

function makeWhole(path: string, from: State): boolean {
  if (from !== "kept") return fill(path, reserveBytes);
  const file = reservePath(path);
  truncateSync(file, reserveBytes);
  // Where another process has given it up in between, that has made a hole.
  if (statSync(file).blocks * 512 >= reserveBytes) return true;
  truncateSync(file, 0);
  return false;
}

/** Several processes may do so at once: each writes the same places. False where it cannot be had. */
function fill(path: string, size: number): boolean {
  const file = reservePath(path);
  const isNew = stateOf(path) === "none";
  try {
    write(file, path, size);
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

function write(file: string, path: string, size: number): void {
  const descriptor = openSync(file, openForWriting, 0o600);
  try {
    // As SQLite does with -wal: root must not leave a file that the queue's owner cannot give up.
    const { uid, gid } = statSync(path);
    if (fstatSync(descriptor).uid !== uid) fchownSync(descriptor, uid, gid);
    // No holes, and nothing that a file system could compress.
    const bytes = randomFillSync(new Uint8Array(size));
    let written = 0;
    while (written < bytes.length) written += writeSync(descriptor, bytes, written, undefined, written);
  } catch (error) {
    ftruncateSync(descriptor, 0);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
