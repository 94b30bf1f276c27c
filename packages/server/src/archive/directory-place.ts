import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { damaged, unreachable } from "./failures.ts";
import type { ArchivePlace } from "./place.ts";

/** Archived logs in a directory, readable by its owner only. */
export function createDirectoryPlace(root: string): ArchivePlace {
  const failure = (error: unknown, key: string) =>
    codeOf(error) === "ENOENT" ? damaged(root, key, "it is not there") : unreachable(root, error);

  return {
    location: root,
    async write(key, bytes) {
      const path = join(root, key);
      const partial = `${path}.partial`;
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        const file = await open(partial, "w", 0o600);
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(partial, path);
        await syncDirectory(dirname(path));
      } catch (error) {
        await rm(partial, { force: true }).catch(() => undefined);
        throw unreachable(root, error);
      }
    },
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
        throw codeOf(error)?.startsWith("KRT_") === true ? error : failure(error, key);
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

/** Without it a power cut may take the name of a file whose content is safe. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}
