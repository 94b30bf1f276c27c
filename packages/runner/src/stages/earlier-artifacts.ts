import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import type { ArtifactFile, ArtifactStore, Lease } from "@keruta/shared/queue";

/** What an earlier driver of the attempt had brought whole: as it is listed, or, where it died before that, as it lies there. */
export async function earlierArtifacts(
  queue: Pick<ArtifactStore, "listArtifacts">,
  { taskId, attempt }: Pick<Lease, "taskId" | "attempt">,
  directory: string,
): Promise<readonly ArtifactFile[]> {
  const listed = await queue.listArtifacts(taskId, attempt);
  return listed.length > 0 ? listed : await filesIn(directory);
}

/** A collection appears under this name by one rename, when all of it is verified. */
async function filesIn(directory: string): Promise<readonly ArtifactFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  const files: ArtifactFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.push({ path: relative(directory, path), ...(await contentOf(path)), skipped: null });
  }
  return files;
}

async function contentOf(path: string): Promise<Pick<ArtifactFile, "bytes" | "sha256">> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of createReadStream(path)) {
    hash.update(piece as Buffer);
    bytes += (piece as Buffer).length;
  }
  return { bytes, sha256: hash.digest("hex") };
}
