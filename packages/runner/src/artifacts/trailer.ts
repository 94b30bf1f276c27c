import type { ArtifactSkip, ArtifactTrailer, ArtifactTrailerFile } from "@keruta/shared/domain";
import { quoteName, refusal } from "./refusal.ts";

const skipReasons: readonly ArtifactSkip[] = ["too-large", "total-too-large", "changed", "unsafe"];
/** Text that a row of the queue and a line of a message can hold; names are at most 4,096 bytes. */
const maxTextLength = 8192;

/** Throws KRT_ARTIFACT_REFUSED, naming the first field that is not as it must be. Other keys may come later. */
export function parseTrailer(bytes: Uint8Array): ArtifactTrailer {
  const trailer = asRecord(parseJson(bytes), "JSON");
  if (trailer.get("version") !== 1) throw badTrailer("version");
  return {
    version: 1,
    count: asCount(trailer.get("count"), "count"),
    bytes: asCount(trailer.get("bytes"), "bytes"),
    files: asArray(trailer.get("files"), "files").map(asFile),
    unmatched: asArray(trailer.get("unmatched"), "unmatched").map((glob) => asText(glob, "unmatched")),
  };
}

function asFile(value: unknown): ArtifactTrailerFile {
  const file = asRecord(value, "files");
  const skipped = file.get("skipped");
  const reason = skipReasons.find((known) => known === skipped) ?? null;
  if (skipped !== reason) throw badTrailer("skipped");
  return {
    path: asText(file.get("path"), "path"),
    bytes: asCount(file.get("bytes"), "bytes"),
    sha256: asDigest(file.get("sha256")),
    mode: asCount(file.get("mode"), "mode"),
    skipped: reason,
    note: asText(file.get("note") ?? "", "note"),
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) throw badTrailer("JSON");
    throw error;
  }
}

function asRecord(value: unknown, field: string): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw badTrailer(field);
  return new Map(Object.entries(value));
}

function asArray(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badTrailer(field);
  return value;
}

/** A lone surrogate has no UTF-8, so a database would store another text. */
function asText(value: unknown, field: string): string {
  if (typeof value !== "string" || value.length > maxTextLength) throw badTrailer(field);
  return value.toWellFormed();
}

function asDigest(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) throw badTrailer("sha256");
  return value;
}

function asCount(value: unknown, field: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw badTrailer(field);
  return value;
}

function badTrailer(field: string) {
  return refusal({
    en: `The trailer of the artifact archive is not valid (${quoteName(field)}).`,
    ja: `成果物アーカイブのトレーラーが不正です (${quoteName(field)})。`,
  });
}
