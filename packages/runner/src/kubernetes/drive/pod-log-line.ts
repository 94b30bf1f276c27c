const space = 0x20;
/** `2026-11-22T08:00:00.123456789+09:00` is 35 bytes. */
const longestStamp = 40;

export interface PodLogLine {
  /** The line as the container wrote it. */
  readonly record: Uint8Array;
  /** Milliseconds since 1970, by the node's clock. */
  readonly time: number;
}

/**
 * Takes the stamp that `timestamps=true` puts before each line. A line without one is the rest of a line that the
 * API server cut: it keeps the stamp before it, and its record is seen to be damaged.
 */
export function createPodLogLines(): (line: Uint8Array) => PodLogLine {
  let time = 0;
  return (line) => {
    const end = line.subarray(0, longestStamp).indexOf(space);
    if (end > 0) {
      const stamp = Date.parse(Buffer.from(line.buffer, line.byteOffset, end).toString("latin1"));
      if (!Number.isNaN(stamp)) {
        time = stamp;
        return { record: line.subarray(end + 1), time };
      }
    }
    return { record: line, time };
  };
}
