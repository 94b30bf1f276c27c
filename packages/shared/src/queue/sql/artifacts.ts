import { sql } from "kysely";
import type { ArtifactSummary } from "../../domain/attempt/attempt.ts";
import type { ArtifactFile, Lease } from "../queue.ts";
import { checkArtifacts } from "./check-artifacts.ts";
import { heldAttempt } from "./lease.ts";
import { all, run, statement, type Program } from "./program.ts";
import type { ArtifactTable } from "./schema.ts";

const deleteArtifacts = statement((db, p: { task: string; attempt: number }) =>
  db.deleteFrom("artifacts").where("task_id", "=", p.task).where("attempt", "=", p.attempt),
);

const insertArtifact = statement((db, p: ArtifactTable) =>
  db.insertInto("artifacts").values({
    task_id: p.task_id,
    attempt: p.attempt,
    path: p.path,
    bytes: p.bytes,
    sha256: p.sha256,
    skipped: p.skipped,
  }),
);

const selectArtifacts = statement((db, p: { task: string; attempt: number }) =>
  db
    .selectFrom("artifacts")
    .select(["path", "bytes", "sha256", "skipped"])
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.attempt)
    .orderBy("path"),
);

/** By the beginning first, of which there is an index. */
const selectArtifact = statement((db, p: { task: string; attempt: number; path: string }) =>
  db
    .selectFrom("artifacts")
    .select(["path", "bytes", "sha256", "skipped"])
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.attempt)
    .where(sql`substr(path, 1, 200)`, "=", sql`substr(${p.path}, 1, 200)`)
    .where("path", "=", p.path),
);

const writeSummary = statement((db, p: { task: string; attempt: number; summary: string | null }) =>
  db
    .updateTable("attempts")
    .set({ artifact_summary: p.summary })
    .where("task_id", "=", p.task)
    .where("number", "=", p.attempt),
);

export function* recordArtifacts(
  lease: Lease,
  files: readonly ArtifactFile[],
  summary?: ArtifactSummary,
): Program<void> {
  yield* heldAttempt(lease);
  const text = summary ? JSON.stringify(summary) : null;
  yield* run(writeSummary({ task: lease.taskId, attempt: lease.attempt, summary: text }));
  yield* replaceArtifacts(lease.taskId, lease.attempt, files);
}

/** Whoever calls has made sure that the attempt stays open. Throws KRT_ARTIFACT_REFUSED. */
export function* replaceArtifacts(
  taskId: string,
  attempt: number,
  files: readonly ArtifactFile[],
): Program<void> {
  checkArtifacts(files);
  yield* run(deleteArtifacts({ task: taskId, attempt }));
  for (const { path, bytes, sha256, skipped } of files) {
    yield* run(insertArtifact({ task_id: taskId, attempt, path, bytes, sha256, skipped }));
  }
}

export function listArtifacts(
  task: string,
  attempt: number,
  path?: string,
): Program<readonly ArtifactFile[]> {
  return all(
    path === undefined ? selectArtifacts({ task, attempt }) : selectArtifact({ task, attempt, path }),
  );
}
