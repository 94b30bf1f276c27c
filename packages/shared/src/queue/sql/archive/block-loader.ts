import { KerutaError } from "../../../domain/error.ts";
import type { OpenArchive } from "../../archive.ts";

/** A block's row, with where its bytes are if they are not in it. */
export interface StoredBlock {
  readonly data: Uint8Array | null;
  readonly archive_offset: number | null;
  readonly archive_bytes: number | null;
  readonly archive_location: string | null;
  readonly archive_key: string | null;
  /** Of the whole object. */
  readonly archive_size: number | null;
}

interface Window {
  readonly location: string;
  readonly key: string;
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Asked for in one request when blocks are read one after the other. */
const readAheadBytes = 4 << 20;

/**
 * Loads the compressed bytes of blocks, archived ones from their object. Blocks that follow each other there are read
 * ahead of; a single one (a tail) is asked for alone.
 */
export function createBlockLoader(openArchive: OpenArchive | undefined) {
  let window: Window = { location: "", key: "", start: 0, bytes: new Uint8Array(0) };

  return async (block: StoredBlock): Promise<Uint8Array> => {
    const { data, archive_location: location, archive_key: key } = block;
    if (data) return data;
    const { archive_offset: offset, archive_bytes: bytes, archive_size: size } = block;
    if (location === null || key === null || offset === null || bytes === null || size === null)
      throw new Error("a log block has neither data nor an archive");
    if (!openArchive) throw noArchive(location);
    const isSame = window.location === location && window.key === key;
    const at = offset - window.start;
    if (!isSame || at < 0 || at + bytes > window.bytes.length) {
      const follows = isSame && at === window.bytes.length;
      const wanted = follows ? Math.min(Math.max(bytes, readAheadBytes), size - offset) : bytes;
      const reader = await openArchive(location);
      window = { location, key, start: offset, bytes: await reader.read(key, offset, wanted) };
    }
    const from = offset - window.start;
    return window.bytes.subarray(from, from + bytes);
  };
}

function noArchive(location: string): KerutaError {
  return new KerutaError(
    "KRT_ARCHIVE_UNREACHABLE",
    {
      en: `This log is archived in ${location}, which this program does not read.`,
      ja: `このログは ${location} にアーカイブされており、このプログラムでは読めません。`,
    },
    {
      hint: { en: "Read it with `keruta logs`.", ja: "`keruta logs` で読んでください。" },
      details: { location },
    },
  );
}
