const lineFeed = 0x0a;

export interface LineSplitter {
  /** Whole lines, without their LF; each is valid until the next call. */
  push(chunk: Uint8Array): Uint8Array[];
  /** What came after the last LF. */
  readonly rest: Uint8Array;
}

/** Splits a byte stream at LF. A line longer than `maxBytes` is handed out in pieces: it is no record anyway. */
export function createLineSplitter(maxBytes: number): LineSplitter {
  let held: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      const all = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const lines: Uint8Array[] = [];
      let start = 0;
      for (let end = all.indexOf(lineFeed); end !== -1; end = all.indexOf(lineFeed, start)) {
        lines.push(all.subarray(start, end));
        start = end + 1;
      }
      while (all.length - start > maxBytes) {
        lines.push(all.subarray(start, start + maxBytes));
        start += maxBytes;
      }
      held = Buffer.from(all.subarray(start));
      return lines;
    },
    get rest() {
      return held;
    },
  };
}
