import { lineFeed, maxRecordBytes } from "./format.ts";
import { fittingLength, isPlain } from "./encode.ts";
import type { OutputRecord } from "./wire-record.ts";
import type { StreamName } from "../log/stream.ts";

export interface Cutter {
  /** Takes bytes of the stream and hands out what is ready; the copy is its own. */
  push(bytes: Uint8Array): OutputRecord[];
  /** Hands out an unfinished line: after a pause, and at the end. */
  flush(): OutputRecord[];
  readonly pendingBytes: number;
}

/**
 * Cuts a stream into records that fit the wire: at each LF, and a long line where a record is full.
 * An unfinished line is held back until `flush`, so that a line read in two chunks stays one record.
 */
export function createCutter(stream: StreamName): Cutter {
  let held: Uint8Array = new Uint8Array(0);

  const take = (line: Uint8Array, newline: boolean, records: OutputRecord[]) => {
    const whole: OutputRecord = { kind: "output", stream, bytes: line, newline };
    if (isPlain(whole)) {
      records.push(whole);
      return;
    }
    let start = 0;
    do {
      const length = fittingLength(line, start);
      const last = start + length === line.length;
      records.push({
        kind: "output",
        stream,
        bytes: line.subarray(start, start + length),
        newline: newline && last,
      });
      start += length;
    } while (start < line.length);
  };

  return {
    push(bytes) {
      const records: OutputRecord[] = [];
      let all: Uint8Array = bytes;
      if (held.length > 0) {
        all = new Uint8Array(held.length + bytes.length);
        all.set(held);
        all.set(bytes, held.length);
      } else {
        // Not `slice`, which of a Node Buffer is a view.
        all = new Uint8Array(bytes);
      }
      let start = 0;
      for (let end = all.indexOf(lineFeed); end !== -1; end = all.indexOf(lineFeed, start)) {
        take(all.subarray(start, end), true, records);
        start = end + 1;
      }
      while (all.length - start >= maxRecordBytes) {
        const length = fittingLength(all, start);
        records.push({ kind: "output", stream, bytes: all.subarray(start, start + length), newline: false });
        start += length;
      }
      held = new Uint8Array(all.subarray(start));
      return records;
    },
    flush() {
      if (held.length === 0) return [];
      const records: OutputRecord[] = [];
      take(held, false, records);
      held = new Uint8Array(0);
      return records;
    },
    get pendingBytes() {
      return held.length;
    },
  };
}
