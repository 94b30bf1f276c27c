import type { PackedBlock } from "@keruta/shared/queue";

/** A compressed block with what it belongs to. */
export interface PackPart extends Omit<PackedBlock, "offset" | "bytes"> {
  readonly data: Uint8Array;
}

export interface Pack {
  readonly bytes: Uint8Array;
  readonly blocks: readonly PackedBlock[];
}

/** Of a frame that zstd's own tools pass over (RFC 8878, 3.1.2). */
const skippableMagic = 0x18_4d_2a_50;
const headerBytes = 8;

/**
 * One object: a frame with its contents as JSON, then the blocks, each a zstd frame. It can be read without the
 * database: `zstd -d` passes over the first frame.
 */
export function makePack(queueUid: string, parts: readonly PackPart[]): Pack {
  const index = parts.map(({ data, ...part }) => ({ ...part, bytes: data.length }));
  const contents = new TextEncoder().encode(
    JSON.stringify({ format: "keruta-log-archive/1", queue: queueUid, blocks: index }),
  );
  const first = headerBytes + contents.length;
  const bytes = new Uint8Array(parts.reduce((sum, { data }) => sum + data.length, first));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, skippableMagic, true);
  view.setUint32(4, contents.length, true);
  bytes.set(contents, headerBytes);
  let offset = first;
  const blocks = parts.map(({ data, ...part }) => {
    bytes.set(data, offset);
    const block = { ...part, offset, bytes: data.length };
    offset += data.length;
    return block;
  });
  return { bytes, blocks };
}
