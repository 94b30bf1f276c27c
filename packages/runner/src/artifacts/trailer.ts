import { quoteName, refusal } from "./refusal.ts";

export const trailerName = ".keruta/trailer.json";

export const skipReasons = ["too-large", "total-too-large", "changed", "unsafe"] as const;
export type SkipReason = (typeof skipReasons)[number];

export interface TrailerFile {
  readonly path: string;
  readonly bytes: number;
  /** Hex; null where nothing of it was sent. */
  readonly sha256: string | null;
  readonly skipped: SkipReason | null;
}

/** The archive's last entry: what the sender says it sent, over all runs of a resumed stream. */
export interface Trailer {
  /** Of the files that were not skipped, as `bytes`. */
  readonly count: number;
  readonly bytes: number;
  readonly files: readonly TrailerFile[];
  /** Patterns of the task that matched nothing. */
  readonly unmatched: readonly string[];
}

/** Throws KRT_ARTIFACT_REFUSED, naming the first field that is not as it must be. Other keys may come later. */
export function parseTrailer(bytes: Uint8Array): Trailer {
  const trailer = asRecord(parseJson(bytes), "it");
  if (trailer["version"] !== 1) throw badTrailer("version");
  const unmatched = asArray(trailer["unmatched"], "unmatched").map((glob) => asString(glob, "unmatched"));
  return {
    count: asCount(trailer["count"], "count"),
    bytes: asCount(trailer["bytes"], "bytes"),
    files: asArray(trailer["files"], "files").map(asFile),
    unmatched,
  };
}

function asFile(value: unknown): TrailerFile {
  const file = asRecord(value, "files");
  const skipped = file["skipped"];
  const sha256 = file["sha256"];
  if (sha256 !== null && (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256))) throw badTrailer("sha256");
  const reason = skipReasons.find((known) => known === skipped);
  if (skipped !== null && reason === undefined) throw badTrailer("skipped");
  return {
    path: asString(file["path"], "path"),
    bytes: asCount(file["bytes"], "bytes"),
    sha256,
    skipped: reason ?? null,
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) {
      throw badTrailer("JSON");
    }
    throw error;
  }
}

function asRecord(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw badTrailer(field);
  return Object.fromEntries(Object.entries(value));
}

function asArray(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badTrailer(field);
  return value;
}

/** Text that a row of the queue and a line of a terminal can hold; a lone surrogate is no UTF-8. */
function asString(value: unknown, field: string): string {
  if (typeof value !== "string" || value.length > 8192) throw badTrailer(field);
  return value.toWellFormed();
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
