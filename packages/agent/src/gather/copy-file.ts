import { constants, createWriteStream } from "node:fs";
import { mkdir, open, realpath, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { codeOf } from "@keruta/shared/domain";
import type { Gathered } from "../collect/gathered.ts";

export interface CopyLimits {
  readonly maxBytes: number;
  /** What is left of the bound of all files together. */
  readonly room: number;
}

export type Copied =
  | { readonly bytes: number }
  | { readonly refused: Omit<Gathered["skipped"][number], "path"> };

/** A regular file, or what a link leads to; never over one that is there already. */
export async function copyFile(from: string, to: string, { maxBytes, room }: CopyLimits): Promise<Copied> {
  try {
    // A FIFO would block an open that waits for its writer.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    await using source = await open(await realpath(from), flags);
    const stats = await source.stat();
    const { size: bytes } = stats;
    if (!stats.isFile()) return refusal("unsafe", 0, "not a regular file");
    if (bytes > maxBytes) return refusal("too-large", bytes, `over ${String(maxBytes)} bytes`);
    if (bytes > room) {
      return refusal("total-too-large", bytes, "over the bound of all files together");
    }
    await mkdir(dirname(to), { recursive: true });
    const target = createWriteStream(to, { flags: "wx", mode: stats.mode & 0o777 });
    try {
      await pipeline(source.createReadStream({ autoClose: false, end: Math.max(0, bytes - 1) }), target);
    } catch (error) {
      // Half a file must not be taken for a whole one; one that was there before is not ours.
      if (codeOf(error) !== "EEXIST") await rm(to, { force: true });
      throw error;
    }
    return { bytes };
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return refusal(
      "unsafe",
      0,
      code === "EEXIST" ? "there is an artifact of this name" : `it could not be copied (${code})`,
    );
  }
}

function refusal(
  skipped: Gathered["skipped"][number]["skipped"],
  bytes: number,
  note: string,
): Extract<Copied, { refused: unknown }> {
  return { refused: { skipped, bytes, note } };
}
