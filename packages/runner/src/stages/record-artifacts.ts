import { isKerutaError, type ArtifactSummary } from "@keruta/shared/domain";
import type { ArtifactFile, Lease, Queue } from "@keruta/shared/queue";

/** A list that the queue's server does not take must not keep the attempt from its result. */
export async function recordArtifacts(
  queue: Pick<Queue, "recordArtifacts">,
  lease: Lease,
  files: readonly ArtifactFile[],
  summary: ArtifactSummary,
): Promise<ArtifactSummary> {
  try {
    await queue.recordArtifacts(lease, files, summary);
    return summary;
  } catch (error) {
    const isTooLong = isKerutaError(error, "KRT_TASK_TOO_LARGE");
    if (!isTooLong && !isKerutaError(error, "KRT_ARTIFACT_REFUSED")) throw error;
    const why = isTooLong ? "is too long for the server" : "was refused";
    const message = `The list of ${String(files.length)} files ${why}: ${error.message}`;
    const failed = summaryOf({ status: "Failed", bytes: 0, message }, []);
    await queue.recordArtifacts(lease, [], failed);
    return failed;
  }
}

export function summaryOf(
  { status, bytes, message }: Pick<ArtifactSummary, "status" | "bytes" | "message">,
  files: readonly ArtifactFile[],
): ArtifactSummary {
  return { status, files: files.filter(({ skipped }) => skipped === null).length, bytes, message };
}
