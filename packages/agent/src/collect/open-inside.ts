import { constants, readlinkSync } from "node:fs";
import { lstat, open, realpath, type FileHandle } from "node:fs/promises";
import { codeOf } from "@keruta/shared/domain";
import { isInside } from "./roots.ts";

export type OpenedFile =
  | { readonly handle: FileHandle; readonly size: number; readonly mode: number; readonly mtimeMs: number }
  | { readonly refused: string };

/**
 * Opens a regular file that lies in the root, also where a link inside the root points to one. What counts is
 * where the opened file is, not what its name said before: a directory that is swapped for a link in between
 * changes nothing.
 */
export async function openInside(path: string, root: string): Promise<OpenedFile> {
  let target = path;
  try {
    if ((await lstat(path)).isSymbolicLink()) target = await realpath(path);
    if (!isInside(root, target)) return { refused: "a link that leads outside" };
    // A FIFO would block an open that waits for its writer.
    const handle = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const refused = await whyRefused(handle, target, root);
    if (refused !== undefined) {
      await handle.close();
      return { refused };
    }
    const { size, mode, mtimeMs } = await handle.stat();
    return { handle, size, mode: mode & 0o777, mtimeMs };
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return { refused: `cannot be opened (${code})` };
  }
}

async function whyRefused(handle: FileHandle, target: string, root: string): Promise<string | undefined> {
  const stats = await handle.stat();
  if (!stats.isFile()) return "not a regular file";
  const place = placeOf(handle.fd) ?? (await realpath(target));
  if (!isInside(root, place)) return "a link that leads outside";
  const named = await lstat(place);
  return named.ino === stats.ino && named.dev === stats.dev ? undefined : "moved while it was opened";
}

/** Where the kernel says that the open file is. */
function placeOf(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${String(fd)}`);
  } catch {
    // No /proc: the name is checked again instead.
    return undefined;
  }
}
