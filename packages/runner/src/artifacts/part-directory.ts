import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf } from "@keruta/shared/domain";
import type { ArchiveEntry } from "./archive-entry.ts";
import { createBlockWriter } from "./block-writer.ts";
import { createEarlySync } from "./early-sync.ts";
import { removeUnused, writeOwner } from "./owner.ts";
import { partPath } from "./part-name.ts";
import { StreamCut } from "./refusal.ts";
import { syncTree } from "./sync-tree.ts";

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The beginning of a file, kept for a run of the sender that goes on inside it. */
export interface UnfinishedFile {
  readonly path: string;
  readonly bytes: number;
  /** Of the whole file. */
  readonly size: number;
  /** Over the bytes so far. */
  readonly hash: Hash;
}

interface WriteFile {
  readonly onBytes: (bytes: number) => void;
  /** What the body is appended to. */
  readonly earlier?: UnfinishedFile;
}

export class CutInside extends StreamCut {
  readonly file: UnfinishedFile;
  constructor(file: UnfinishedFile, cause: StreamCut) {
    super(cause.message, { cause });
    this.file = file;
  }
}

/** Less comes again as quickly. */
const worthKeepingBytes = 1 << 20;

/** The private directory beside the final one that a collection grows in. It only ever holds what we made. */
export interface PartDirectory {
  /** Parents first. */
  makeDirectories(paths: readonly string[]): Promise<void>;
  /** Throws CutInside with what came of a larger file that was cut; else nothing is left of one that is not whole. */
  writeFile(entry: ArchiveEntry, body: AsyncIterable<Uint8Array>, options: WriteFile): Promise<WrittenFile>;
  removeUnfinished(file: UnfinishedFile): Promise<void>;
  removeFile(path: string): Promise<void>;
  /**
   * Makes everything durable, then visible at once under the final name; an older one there goes last. With
   * nothing in it there is no directory afterwards.
   */
  publish(): Promise<void>;
  /** False where another collection into the same directory has begun, which removes what it finds half-done. */
  isThere(): Promise<boolean>;
  /** Whatever is left of it, and its parent where that has nothing else. */
  remove(): Promise<void>;
}

export interface PartDirectoryOptions {
  /** Where the artifacts will be; its parent is made if it is not there, for this user only. */
  readonly directory: string;
  /** The uid of the queue whose task it is. */
  readonly owner: string;
  readonly random: (bytes: number) => Uint8Array;
}

export async function createPartDirectory({
  directory,
  owner,
  random,
}: PartDirectoryOptions): Promise<PartDirectory> {
  const parent = dirname(directory);
  const root = partPath(directory, random);
  const files: string[] = [];
  const directories: string[] = [root];
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await writeOwner(parent, owner);
  await mkdir(root, { mode: 0o755 });

  return {
    makeDirectories: async (paths) => {
      for (const path of paths) {
        await mkdir(join(root, path), { mode: 0o755 });
        directories.push(join(root, path));
      }
    },
    writeFile: async (entry, body, { onBytes, earlier }) => {
      const path = join(root, entry.path);
      const flags = earlier ? O_WRONLY | O_APPEND : O_WRONLY | O_CREAT | O_EXCL;
      const handle = await open(path, flags | O_NOFOLLOW, entry.executable ? 0o755 : 0o644);
      const hash = earlier?.hash ?? createHash("sha256");
      const sync = createEarlySync(handle);
      let bytes = earlier?.bytes ?? 0;
      const writer = createBlockWriter(handle, entry.bytes - bytes, (written) => sync.wrote(written));
      const write = async (chunk: Uint8Array) => {
        await writer.write(chunk);
        hash.update(chunk);
        bytes += chunk.length;
        onBytes(chunk.length);
      };
      try {
        const cut = await takeAll(body, write);
        await writer.end();
        await sync.end();
        if (!cut && bytes === entry.bytes) {
          files.push(path);
          return { path: entry.path, bytes, sha256: hash.digest("hex") };
        }
        const inside = new StreamCut(`The stream ended inside ${basename(path)}.`, { cause: cut?.error });
        if (bytes < worthKeepingBytes) throw inside;
        throw new CutInside({ path: entry.path, bytes, size: entry.bytes, hash }, inside);
      } catch (error) {
        if (!(error instanceof CutInside)) await rm(path);
        throw error;
      } finally {
        await handle.close();
      }
    },
    removeUnfinished: async ({ path }) => rm(join(root, path)),
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
      // The new one is there: what cannot be removed of the old is left to `removePartsOf`.
      if (replaced !== undefined) await rm(replaced, { recursive: true }).catch(() => undefined);
    },
    isThere: () => isDirectory(root),
    remove: async () => {
      await rm(root, { recursive: true, force: true });
      await removeUnused(parent);
    },
  };
}

/** The error with which the body broke off; what `write` throws is thrown on. */
async function takeAll(
  body: AsyncIterable<Uint8Array>,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<{ readonly error: unknown } | undefined> {
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await chunks.next();
    } catch (error) {
      return { error };
    }
    if (next.done === true) return undefined;
    await write(next.value);
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
