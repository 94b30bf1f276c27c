import type { Text } from "../text.ts";

const encoder = new TextEncoder();

/** Linux refuses longer ones (PATH_MAX, NAME_MAX); 64 parts keep a hostile tree small. */
const artifactPathLimits = { bytes: 4096, partBytes: 255, parts: 64 } as const;

/** Everything in it is the protocol's, never a task's. */
const reservedDirectory = ".keruta";

/**
 * Why a name must not stand in the artifact archive, undefined where it may: relative, `/` between its parts, and
 * the same file on every system that may later read the store. The sender skips such a file as unsafe; a receiver
 * that meets one refuses the whole archive.
 */
export function artifactPathProblem(path: string): Text | undefined {
  if (path === "") return { en: "has no name", ja: "名前が空です" };
  if (path.includes("\0")) return { en: "has a NUL in its name", ja: "名前に NUL が含まれています" };
  if (path.startsWith("/")) return { en: "is an absolute path", ja: "絶対パスです" };
  if (/^[A-Za-z]:/.test(path))
    return { en: "begins with a drive letter", ja: "ドライブ文字で始まっています" };
  if (path.includes("\\"))
    return { en: "has a backslash in its name", ja: "名前にバックスラッシュが含まれています" };
  if (/\p{Cc}/u.test(path)) {
    return { en: "has a control character in its name", ja: "名前に制御文字が含まれています" };
  }
  if (byteLength(path) > artifactPathLimits.bytes) {
    return {
      en: `is longer than ${String(artifactPathLimits.bytes)} bytes`,
      ja: `${String(artifactPathLimits.bytes)} バイトを超えています`,
    };
  }
  return partsProblem(path.split("/"));
}

function partsProblem(parts: readonly string[]): Text | undefined {
  if (parts.length > artifactPathLimits.parts) {
    return {
      en: `is more than ${String(artifactPathLimits.parts)} directories deep`,
      ja: `${String(artifactPathLimits.parts)} 階層を超えています`,
    };
  }
  for (const part of parts) {
    if (part === "") return { en: "has an empty part in its path", ja: "パスに空の要素があります" };
    if (part === "." || part === "..") {
      return { en: `has ${part} as a part of its path`, ja: `パスに ${part} が含まれています` };
    }
    if (byteLength(part) > artifactPathLimits.partBytes) {
      return {
        en: `has a part longer than ${String(artifactPathLimits.partBytes)} bytes`,
        ja: `${String(artifactPathLimits.partBytes)} バイトを超える要素があります`,
      };
    }
  }
  if (foldArtifactName(parts[0] ?? "") === reservedDirectory) {
    return {
      en: `lies in ${reservedDirectory}, which is reserved`,
      ja: `予約済みの ${reservedDirectory} の中にあります`,
    };
  }
  return undefined;
}

/** The same for two names that a case-insensitive or normalising file system takes for one. */
export function foldArtifactName(name: string): string {
  return name.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}
