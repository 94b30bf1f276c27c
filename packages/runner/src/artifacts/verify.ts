import type { ArtifactTrailer, ArtifactTrailerFile } from "@keruta/shared/domain";
import type { ArtifactFile } from "@keruta/shared/queue";
import type { WrittenFile } from "./part-directory.ts";
import { quoteName, refusal } from "./refusal.ts";

export interface ReceivedFile extends WrittenFile {
  /** It came on an earlier run of the sender than the trailer. */
  readonly isEarlier: boolean;
}

export interface Verified {
  /** One for each path, in the trailer's order. */
  readonly files: readonly ArtifactFile[];
  /** Received, but not to be kept. */
  readonly dropped: readonly string[];
}

/**
 * Holds what was written against what the sender says it sent. Throws KRT_ARTIFACT_REFUSED where they differ; only
 * a file that changed between two runs of the sender is told as changed and dropped.
 */
export function verify(received: readonly ReceivedFile[], trailer: ArtifactTrailer): Verified {
  checkSums(trailer);
  const rest = new Map(received.map((file) => [file.path, file]));
  const files = new Map<string, ArtifactFile>();
  const dropped: string[] = [];
  for (const listed of trailer.files) {
    if (listed.skipped !== null) {
      // Of two files with one name the sender sends the first and lists the second as unsafe.
      if (!files.has(listed.path)) files.set(listed.path, skippedFile(listed, listed.skipped));
      if (listed.skipped === "changed" && rest.delete(listed.path)) dropped.push(listed.path);
      continue;
    }
    const file = rest.get(listed.path);
    rest.delete(listed.path);
    if (!file)
      throw mismatch(listed.path, {
        en: "was listed but not sent",
        ja: "一覧にありますが、送られていません",
      });
    if (file.sha256 === listed.sha256 && file.bytes === listed.bytes) {
      files.set(listed.path, { path: file.path, bytes: file.bytes, sha256: file.sha256, skipped: null });
    } else if (file.isEarlier) {
      files.set(listed.path, skippedFile(listed, "changed"));
      dropped.push(listed.path);
    } else {
      throw mismatch(listed.path, { en: "is not what was sent", ja: "送信元の内容と一致しません" });
    }
  }
  for (const path of rest.keys()) {
    throw mismatch(path, { en: "was sent but not listed", ja: "送られましたが、一覧にありません" });
  }
  return { files: [...files.values()], dropped };
}

function checkSums({ files, count, bytes }: ArtifactTrailer): void {
  const whole = files.filter(({ skipped }) => skipped === null);
  const sum = whole.reduce((total, file) => total + file.bytes, 0);
  if (whole.length === count && sum === bytes) return;
  throw refusal({
    en: `The artifact trailer announces ${String(count)} files of ${String(bytes)} bytes and lists ${String(whole.length)} of ${String(sum)}.`,
    ja: `成果物のトレーラーでは ${String(count)} 件 ${String(bytes)} バイトですが、一覧は ${String(whole.length)} 件 ${String(sum)} バイトです。`,
  });
}

function skippedFile({ path, bytes }: ArtifactTrailerFile, skipped: ArtifactFile["skipped"]): ArtifactFile {
  return { path, bytes, sha256: null, skipped };
}

function mismatch(path: string, why: { readonly en: string; readonly ja: string }) {
  return refusal({
    en: `The artifact ${quoteName(path)} ${why.en}.`,
    ja: `成果物 ${quoteName(path)} は、${why.ja}。`,
  });
}
