import { constants } from "node:fs";
import { lstat, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { artifactPathProblem, codeOf } from "@keruta/shared/domain";
import type { ArtifactFile } from "@keruta/shared/queue";

type Listed = Pick<ArtifactFile, "path" | "bytes">;

/**
 * Where an artifact lies in the directory of its attempt; undefined where no file of that size does. Whoever may drive
 * wrote the list: neither its paths nor a link leads out of the directory.
 */
export async function placeOfArtifact(
  directory: string,
  { path, bytes }: Listed,
): Promise<string | undefined> {
  if (artifactPathProblem(path)) return undefined;
  try {
    const own = await realpath(directory);
    const place = await realpath(join(own, path));
    if (!place.startsWith(own + sep)) return undefined;
    const stats = await lstat(place);
    return stats.isFile() && stats.size === bytes ? place : undefined;
  } catch (error) {
    if (absent.has(codeOf(error))) return undefined;
    throw error;
  }
}

const absent: ReadonlySet<string | undefined> = new Set(["ENOENT", "ENOTDIR", "ELOOP"]);

/** Opened when the first are asked for: of an answer that nobody reads nothing stays open. */
export async function* bytesOfArtifact(place: string, { bytes }: Listed): AsyncGenerator<Uint8Array, void> {
  const handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW);
  let left = bytes;
  for await (const chunk of handle.createReadStream() as AsyncIterable<Uint8Array>) {
    left -= chunk.length;
    yield chunk;
  }
  // Whoever was promised more would wait for it.
  if (left !== 0) throw new Error(`${place} has another size than when it was found`);
}
