import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Context } from "../context/context.ts";
import { fileError } from "./file-error.ts";

export interface PendingFile {
  readonly write: (data: string | Uint8Array) => Promise<void>;
}

/**
 * Writes beside `path` and puts the whole into its place at the end; a failure, or `fill` that says false, leaves
 * `path` as it was. `mode` is that of the new file, less the umask.
 */
export async function replaceFile(
  { random }: Pick<Context, "random">,
  path: string,
  fill: (file: PendingFile) => Promise<boolean>,
  mode = 0o666,
): Promise<void> {
  const half = halfName(path, random);
  try {
    const handle = await open(half, "wx", mode);
    let isWhole: boolean;
    try {
      isWhole = await fill({
        write: async (data) => {
          await handle.writeFile(data);
        },
      });
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (isWhole) await rename(half, path);
  } catch (error) {
    throw fileError(error, "write", path);
  } finally {
    await rm(half, { force: true });
  }
}

/** A name beside `path` that no other process uses. */
export function halfName(path: string, random: Context["random"]): string {
  return join(dirname(path), `.${basename(path)}.${Buffer.from(random(4)).toString("hex")}.part`);
}
