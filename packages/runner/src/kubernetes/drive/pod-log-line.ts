const space = 0x20;
const upperZ = 0x5a;
const zero = 0x30;
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
  const timeOf = createStampReader();
  let time = 0;
  return (line) => {
    const end = spaceIn(line);
    const stamp = end > 0 ? timeOf(line, end) : Number.NaN;
    if (Number.isNaN(stamp)) return { record: line, time };
    time = stamp;
    return { record: line.subarray(end + 1), time };
  };
}

function spaceIn(line: Uint8Array): number {
  for (let at = 0; at < longestStamp; at += 1) if (line[at] === space) return at;
  return -1;
}

/** `2026-11-22T08:00:00.`: what stays the same for many lines. Its digits after that, up to three, are milliseconds. */
const secondBytes = 20;

/** Date.parse takes a microsecond, and most lines come in the second of the one before. */
function createStampReader(): (line: Uint8Array, end: number) => number {
  const known = new Uint8Array(secondBytes);
  let second = Number.NaN;
  const isKnown = (line: Uint8Array): boolean => {
    for (let at = secondBytes - 1; at >= 0; at -= 1) if (line[at] !== known[at]) return false;
    return true;
  };
  return (line, end) => {
    // Only UTC has nothing but a Z after the digits.
    const isUtc = line[end - 1] === upperZ && end > secondBytes + 3;
    if (isUtc && isKnown(line)) return second + milliseconds(line);
    const time = Date.parse(Buffer.from(line.buffer, line.byteOffset, end).toString("latin1"));
    if (isUtc && !Number.isNaN(time)) {
      known.set(line.subarray(0, secondBytes));
      second = time - milliseconds(line);
    }
    return time;
  };
}

function milliseconds(line: Uint8Array): number {
  return digit(line, 0) * 100 + digit(line, 1) * 10 + digit(line, 2);
}

function digit(line: Uint8Array, at: number): number {
  const value = (line[secondBytes + at] ?? 0) - zero;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}
