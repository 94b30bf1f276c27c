import { artifactOffsetHeader, artifactTotalHeader, artifactTrailerName } from "@keruta/shared/domain";
import type { ArtifactLimits } from "./limits.ts";
import { quoteName, refusal } from "./refusal.ts";

export interface ArchiveEntry {
  readonly kind: "file" | "directory" | "trailer";
  /** As sent, not yet checked; a directory's without the `/` that tar puts at its end. */
  readonly path: string;
  /** Of the whole file. */
  readonly bytes: number;
  /** Where in the file these bytes begin: not 0 only on a run that was asked to go on inside it. */
  readonly offset: number;
  readonly executable: boolean;
  /** What the sender expects all files to come to; null where it does not say. */
  readonly expectedBytes: number | null;
}

/** What the parser makes of a header: numbers may be NaN or negative, the type null. */
export interface EntryHeader {
  readonly name: string;
  readonly type: string | null;
  readonly size: number;
  readonly mode: number;
  readonly pax?: unknown;
}

/** Others change what the bytes mean (sparse files, links) or say nothing that we would store. */
const knownPaxKeys = new Set([
  "path",
  "size",
  "mtime",
  "atime",
  "ctime",
  "uid",
  "gid",
  "uname",
  "gname",
  artifactOffsetHeader,
  artifactTotalHeader,
]);

/** Throws KRT_ARTIFACT_REFUSED for anything but a regular file or directory within the limits. */
export function checkEntry(header: EntryHeader, limits: ArtifactLimits): ArchiveEntry {
  const { name, type, size } = header;
  if (type !== "file" && type !== "directory") {
    throw refusal({
      en: `The artifact ${quoteName(name)} is a ${type ?? "thing of unknown type"}, and only files and directories are taken.`,
      ja: `成果物 ${quoteName(name)} の種類は ${type ?? "不明"} です。受け取れるのは通常のファイルとディレクトリだけです。`,
    });
  }
  refusePax(name, header.pax);
  if (!Number.isSafeInteger(size) || size < 0) throw impossibleSize(name, size);
  if (type === "directory") {
    // The parser would take such bytes for the next headers.
    if (size !== 0) throw impossibleSize(name, size);
    return {
      kind: "directory",
      path: name.replace(/\/$/, ""),
      bytes: 0,
      offset: 0,
      executable: true,
      expectedBytes: null,
    };
  }
  const executable = (header.mode & 0o111) !== 0;
  if (name === artifactTrailerName)
    return { kind: "trailer", path: name, bytes: size, offset: 0, executable, expectedBytes: null };
  const offset = numberOf(header, artifactOffsetHeader) ?? 0;
  const bytes = offset + size;
  if (bytes > limits.fileBytes) {
    throw refusal({
      en: `The artifact ${quoteName(name)} is ${String(bytes)} bytes, over the limit of ${String(limits.fileBytes)} a file.`,
      ja: `成果物 ${quoteName(name)} は ${String(bytes)} バイトあり、1 ファイルの上限 ${String(limits.fileBytes)} バイトを超えています。`,
    });
  }
  const expectedBytes = numberOf(header, artifactTotalHeader) ?? null;
  return { kind: "file", path: name, bytes, offset, executable, expectedBytes };
}

function numberOf({ name, pax }: EntryHeader, key: string): number | undefined {
  const text = (pax as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  if (text === undefined) return undefined;
  const number = typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw impossibleSize(name, number);
  return number;
}

function refusePax(name: string, pax: unknown): void {
  if (typeof pax !== "object" || pax === null) return;
  const unknownKey = Object.keys(pax).find((key) => !knownPaxKeys.has(key));
  if (unknownKey === undefined) return;
  throw refusal({
    en: `The artifact ${quoteName(name)} has the extended header ${quoteName(unknownKey)}, which is not taken.`,
    ja: `成果物 ${quoteName(name)} の拡張ヘッダー ${quoteName(unknownKey)} は受け取れません。`,
  });
}

function impossibleSize(name: string, size: number) {
  return refusal({
    en: `The artifact ${quoteName(name)} has an impossible size (${String(size)}).`,
    ja: `成果物 ${quoteName(name)} のサイズ (${String(size)}) はあり得ない値です。`,
  });
}
