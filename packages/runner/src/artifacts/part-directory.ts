import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ArchiveEntry } from "./archive-entry.ts";
import { partPath } from "./part-name.ts";
import { StreamCut } from "./refusal.ts";
import { syncTree } from "./sync-tree.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The private directory beside the final one that a collection grows in. It only ever holds what we made. */
export interface PartDirectory {
  /** Parents first. */
  makeDirectories(paths: readonly string[]): Promise<void>;
  /** Leaves nothing of a file that did not become whole. */
  writeFile(
    entry: ArchiveEntry,
    body: AsyncIterable<Uint8Array>,
    onBytes: (bytes: number) => void,
  ): Promise<WrittenFile>;
  removeFile(path: string): Promise<void>;
  /**
   * Makes everything durable, then visible at once under the final name; an older one there goes last. With
   * nothing in it there is no directory afterwards.
   */
  publish(): Promise<void>;
  /** Whatever is left of it, and its parent where that is empty. */
  remove(): Promise<void>;
}

export interface PartDirectoryOptions {
  /** Where the artifacts will be; its parent is made if it is not there, for this user only. */
  readonly directory: string;
  readonly random: (bytes: number) => Uint8Array;
}

export async function createPartDirectory({
  directory,
  random,
}: PartDirectoryOptions): Promise<PartDirectory> {
  const parent = dirname(directory);
  const root = partPath(directory, random);
  const files: string[] = [];
  const directories: string[] = [root];
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await mkdir(root, { mode: 0o755 });

  return {
    makeDirectories: async (paths) => {
      for (const path of paths) {
        await mkdir(join(root, path), { mode: 0o755 });
        directories.push(join(root, path));
      }
    },
    writeFile: async (entry, body, onBytes) => {
      const path = join(root, entry.path);
      const handle = await open(
        path,
        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
        entry.executable ? 0o755 : 0o644,
      );
      try {
        const hash = createHash("sha256");
        let bytes = 0;
        for await (const chunk of body) {
          hash.update(chunk);
          await handle.writeFile(chunk);
          bytes += chunk.length;
          onBytes(chunk.length);
        }
        if (bytes !== entry.bytes) throw new StreamCut(`The stream ended inside ${basename(path)}.`);
        files.push(path);
        return { path: entry.path, bytes, sha256: hash.digest("hex") };
      } catch (error) {
        await rm(path);
        throw error;
      } finally {
        await handle.close();
      }
    },
    removeFile: async (path) => {
      await rm(join(root, path));
      files.splice(files.indexOf(join(root, path)), 1);
    },
    publish: async () => {
      if (files.length === 0 && directories.length === 1) {
        await rm(directory, { recursive: true, force: true });
        return;
      }
      await syncTree(files, directories.toReversed());
      const replaced = (await isDirectory(directory)) ? partPath(directory, random) : undefined;
      // A crash between the two renames leaves neither name: nothing was acknowledged, so it is collected again.
      if (replaced !== undefined) await rename(directory, replaced);
      await rename(root, directory);
      await syncTree([], [parent]);
      // The new one is there: what cannot be removed of the old is left to `sweepPartials`.
      if (replaced !== undefined) await rm(replaced, { recursive: true }).catch(() => undefined);
    },
    remove: async () => {
      await rm(root, { recursive: true, force: true });
      await rmdir(parent).catch(refuseUnlessUsed);
    },
  };
}

function refuseUnlessUsed(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST" && error.code !== "ENOENT") throw error;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
