import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { ArtifactSummary } from "@keruta/shared/domain";
import type { ArtifactFile, ArtifactStore, Claim, Lease, Queue } from "@keruta/shared/queue";
import { removePartsOf, removeUnused } from "../artifacts/index.ts";
import { recordArtifacts, summaryOf } from "./record-artifacts.ts";

type EarlierDeps = { readonly queue: Pick<Queue, "listArtifacts" | "recordArtifacts"> };

export function artifactDirectory(
  store: string,
  { taskId, attempt }: Pick<Lease, "taskId" | "attempt">,
): string {
  return join(store, taskId, String(attempt));
}

/**
 * The artifacts of an attempt of which nothing can be collected any more: what an earlier driver had brought whole stays
 * and is listed, what it had brought half-way goes.
 */
export async function settleEarlier(
  deps: EarlierDeps,
  { attempt, lease, takenOver }: Pick<Claim, "attempt" | "lease" | "takenOver">,
  store: string,
): Promise<ArtifactSummary | null> {
  if (!takenOver || attempt.artifacts) return attempt.artifacts;
  const directory = artifactDirectory(store, lease);
  await removePartsOf(directory);
  const earlier = await keepEarlier(deps, lease, directory, "the attempt is over");
  if (!earlier) await removeUnused(dirname(directory));
  return earlier;
}

/** What an earlier driver of the attempt brought whole stays, though it cannot be asked for again; null: nothing. */
export async function keepEarlier(
  { queue }: EarlierDeps,
  lease: Lease,
  directory: string,
  why: string,
): Promise<ArtifactSummary | null> {
  const files = await earlierArtifacts(queue, lease, directory);
  if (files.length === 0) return null;
  const bytes = files.reduce((sum, file) => sum + (file.skipped === null ? file.bytes : 0), 0);
  const message = `These are what an earlier driver had collected; whether they are all could not be asked: ${why}`;
  return await recordArtifacts(queue, lease, files, summaryOf({ status: "Partial", bytes, message }, files));
}

/** As it is listed, or, where its driver died before that, as it lies there. */
async function earlierArtifacts(
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
