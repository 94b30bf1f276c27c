/** Bytes that are gathered piece by piece: one array that grows, where each piece would be one of its own. */
export interface ByteBuffer {
  readonly length: number;
  add(bytes: Uint8Array): void;
  addByte(byte: number): void;
  /** Makes room for `count` more bytes and gives where they begin; they are set through `bytes` and `view`. */
  extend(count: number): number;
  /** Valid until the next call that adds. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Takes back what was added after `length` bytes. */
  cut(length: number): void;
  /** What was gathered; the buffer is empty afterwards and does not touch it again. */
  take(): Uint8Array;
}

/**
 * Takes its first bytes of memory when something is added: most buffers of short logs stay small, or empty. After a
 * `take` it begins as large as what was taken, so that a stream of like chunks is not copied as it grows.
 */
export function createByteBuffer(firstBytes = 4096): ByteBuffer {
  let bytes = new Uint8Array(0);
  let view = new DataView(bytes.buffer);
  let length = 0;
  let next = firstBytes;

  const hold = (size: number, kept: number): void => {
    const larger = new Uint8Array(size);
    larger.set(bytes.subarray(0, kept));
    bytes = larger;
    view = new DataView(larger.buffer);
  };
  const extend = (count: number): number => {
    const at = length;
    length += count;
    if (length > bytes.length) hold(Math.max(length, bytes.length * 2, next), at);
    return at;
  };
  return {
    get length() {
      return length;
    },
    add(added) {
      const at = extend(added.length);
      bytes.set(added, at);
    },
    addByte(byte) {
      const at = extend(1);
      bytes[at] = byte;
    },
    extend,
    get bytes() {
      return bytes;
    },
    get view() {
      return view;
    },
    cut(kept) {
      length = Math.min(length, kept);
    },
    take() {
      const taken = bytes.subarray(0, length);
      next = Math.max(firstBytes, length);
      length = 0;
      hold(0, 0);
      return taken;
    },
  };
}
