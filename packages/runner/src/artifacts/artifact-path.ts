import type { Text } from "@keruta/shared/domain";

/** Linux refuses longer ones (PATH_MAX, NAME_MAX); 64 parts keep a hostile tree small. */
export const pathLimits = { bytes: 4096, partBytes: 255, parts: 64 } as const;

/** Everything in it is the protocol's, never a task's. */
export const reservedDirectory = ".keruta";

/**
 * Why a path must not be taken from a sender, undefined where it may: relative, `/` between its parts, and the
 * same file on every system that may later read the store.
 */
export function pathProblem(path: string): Text | undefined {
  if (path === "") return { en: "has no name", ja: "名前が空です" };
  if (path.includes("\0")) return { en: "has a NUL in its name", ja: "名前に NUL が含まれています" };
  if (path.startsWith("/")) return { en: "is an absolute path", ja: "絶対パスです" };
  if (/^[A-Za-z]:/.test(path)) return { en: "begins with a drive letter", ja: "ドライブ文字で始まっています" };
  if (path.includes("\\")) return { en: "has a backslash in its name", ja: "名前にバックスラッシュが含まれています" };
  if (/\p{Cc}/u.test(path)) {
    return { en: "has a control character in its name", ja: "名前に制御文字が含まれています" };
  }
  if (Buffer.byteLength(path) > pathLimits.bytes) {
    return {
      en: `is longer than ${String(pathLimits.bytes)} bytes`,
      ja: `${String(pathLimits.bytes)} バイトを超えています`,
    };
  }
  return partsProblem(path.split("/"));
}

function partsProblem(parts: readonly string[]): Text | undefined {
  if (parts.length > pathLimits.parts) {
    return {
      en: `is more than ${String(pathLimits.parts)} directories deep`,
      ja: `${String(pathLimits.parts)} 階層を超えています`,
    };
  }
  for (const part of parts) {
    if (part === "") return { en: "has an empty part in its path", ja: "パスに空の要素があります" };
    if (part === "." || part === "..") {
      return { en: `has ${part} as a part of its path`, ja: `パスに ${part} が含まれています` };
    }
    if (Buffer.byteLength(part) > pathLimits.partBytes) {
      return {
        en: `has a part longer than ${String(pathLimits.partBytes)} bytes`,
        ja: `${String(pathLimits.partBytes)} バイトを超える要素があります`,
      };
    }
  }
  if (foldName(parts[0] ?? "") === reservedDirectory) {
    return { en: `lies in ${reservedDirectory}, which is reserved`, ja: `予約済みの ${reservedDirectory} の中にあります` };
  }
  return undefined;
}

/** The same for two names that a case-insensitive or normalising file system takes for one. */
export function foldName(name: string): string {
  return name.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}
