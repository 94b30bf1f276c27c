import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "@keruta/shared/domain";

/** Only root mounts. */
export const canMount = process.getuid?.() === 0 && process.platform === "linux";

export interface SmallDisk extends Disposable {
  readonly directory: string;
  resize(size: string): void;
}

/** A file system of its own, so small that it can be filled; `size` as mount has it: `6m`. */
export function mountSmallDisk(size: string): SmallDisk {
  const directory = mkdtempSync(join(tmpdir(), "keruta-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", directory]);
  return {
    directory,
    resize: (to) => void execFileSync("mount", ["-o", `remount,size=${to}`, directory]),
    [Symbol.dispose]() {
      execFileSync("umount", [directory]);
      rmSync(directory, { recursive: true });
    },
  };
}

/** Writes until there is no space left. */
export function fillWith(path: string): void {
  const file = openSync(path, "a");
  try {
    for (const size of [1 << 20, 4096]) writeWhileThereIsSpace(file, new Uint8Array(size));
  } finally {
    closeSync(file);
  }
}

function writeWhileThereIsSpace(file: number, piece: Uint8Array): void {
  try {
    for (;;) writeSync(file, piece);
  } catch (error) {
    if (codeOf(error) !== "ENOSPC") throw error;
  }
}
