import { maxLongHeaderBytes } from "./limits.ts";
import { refusal } from "./refusal.ts";

const blockBytes = 512;
const endBytes = 2 * blockBytes;
/** The parser may lag behind what it was fed by its own buffers. */
const parserLagBytes = 256 * 1024;
const zeros = Buffer.alloc(64 * 1024);

/**
 * Where in the archive we are. tar-stream skips zero blocks anywhere, goes on after the end mark and gathers
 * headers of 4 MiB without a word, so the archive's end and the headers' bound are told from positions.
 */
export interface ArchivePosition {
  /** Throws KRT_ARTIFACT_REFUSED where headers never come to an entry. At most 64 KiB at once. */
  feed(bytes: Uint8Array): void;
  /** The parser met an entry whose own header stands at `offset`. */
  enter(offset: number, bytes: number): void;
  /** True when the last entry is followed by the two zero blocks; throws where other bytes follow it. */
  isEnded(): boolean;
}

export function createArchivePosition(): ArchivePosition {
  let fed = 0;
  let lastNonZero = -1;
  let entryEnd = 0;
  return {
    feed: (bytes) => {
      const index = lastNonZeroIndex(bytes);
      if (index >= 0) lastNonZero = fed + index;
      fed += bytes.length;
      if (fed - entryEnd > maxLongHeaderBytes + parserLagBytes) throw tooLongHeader();
    },
    enter: (offset, bytes) => {
      if (offset - entryEnd > maxLongHeaderBytes) throw tooLongHeader();
      entryEnd = offset + blockBytes + Math.ceil(bytes / blockBytes) * blockBytes;
    },
    isEnded: () => {
      if (lastNonZero >= entryEnd) {
        throw refusal({
          en: "The artifact archive has bytes after its trailer.",
          ja: "成果物アーカイブのトレーラーの後ろに余分なデータがあります。",
        });
      }
      return fed >= entryEnd + endBytes;
    },
  };
}

function lastNonZeroIndex(bytes: Uint8Array): number {
  if (bytes.length <= zeros.length && Buffer.compare(bytes, zeros.subarray(0, bytes.length)) === 0) return -1;
  let index = bytes.length - 1;
  while (index >= 0 && bytes[index] === 0) index -= 1;
  return index;
}

function tooLongHeader() {
  return refusal({
    en: `The artifact archive has headers of more than ${String(maxLongHeaderBytes)} bytes before one entry.`,
    ja: `成果物アーカイブの 1 項目のヘッダーが ${String(maxLongHeaderBytes)} バイトを超えています。`,
  });
}
