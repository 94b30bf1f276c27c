import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf, isKerutaError } from "@keruta/shared/domain";
import { damaged, unreachable } from "./failures.ts";
import type { ArchivePlace } from "./place.ts";

/** Archived logs in a directory, readable by its owner only. */
export function createDirectoryPlace(root: string): ArchivePlace {
  const failure = (error: unknown, key: string) =>
    codeOf(error) === "ENOENT" ? damaged(root, key, "it is not there") : unreachable(root, error);

  return {
    location: root,
    write: (key, bytes) => writeFile(root, key, [bytes]),
    writeAll: (key, chunks, signal) => writeFile(root, key, chunks, signal),
    async read(key, offset, bytes) {
      try {
        const file = await open(join(root, key), "r");
        try {
          const buffer = new Uint8Array(bytes);
          let filled = 0;
          while (filled < bytes) {
            const { bytesRead } = await file.read(buffer, filled, bytes - filled, offset + filled);
            if (bytesRead === 0) throw damaged(root, key, `it ends at ${String(offset + filled)}`);
            filled += bytesRead;
          }
          return buffer;
        } finally {
          await file.close();
        }
      } catch (error) {
        throw isKerutaError(error) ? error : failure(error, key);
      }
    },
    async readAll(key) {
      try {
        return await readFile(join(root, key));
      } catch (error) {
        throw failure(error, key);
      }
    },
    async remove(key) {
      try {
        await rm(join(root, key), { force: true });
        await rm(join(root, `${key}.partial`), { force: true });
      } catch (error) {
        throw unreachable(root, error);
      }
    },
  };
}

/** Under its name only when it is whole and on the disk. */
async function writeFile(
  root: string,
  key: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  const path = join(root, key);
  const partial = `${path}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(partial, "w", 0o600);
    try {
      for await (const chunk of chunks) {
        if (signal?.aborted) break;
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (signal?.aborted) return await rm(partial, { force: true });
    await rename(partial, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw isKerutaError(error) ? error : unreachable(root, error);
  }
}

/** Without it a power cut may take the name of a file whose content is safe. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
