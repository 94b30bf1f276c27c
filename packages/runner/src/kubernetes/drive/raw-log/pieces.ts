import { crc32 } from "node:zlib";
import { maxRecordBytes } from "@keruta/shared/domain";

/** A line of a container's log as the API gives it with `timestamps=true`, or a piece of a long one. */
export interface RawPiece {
  /** As the node wrote it before the line; "" where there is none, as before the rest of a line that was cut. */
  readonly stamp: string;
  /** Milliseconds since 1970; null without a stamp. */
  readonly time: number | null;
  /** Without the LF, at most 8,000; they stay as they are. */
  readonly bytes: Uint8Array;
  /** False where the line goes on in the next piece, or ends without an LF. */
  readonly newline: boolean;
  /** How many pieces with this stamp and these bytes the connection has brought, this one included. */
  readonly occurrence: number;
}

export interface RawPieces {
  push(chunk: Uint8Array): readonly RawPiece[];
  /** What came after the last LF: the last words of a container that has ended. */
  rest(): readonly RawPiece[];
}

type Stamp = Pick<RawPiece, "stamp" | "time">;

const lineFeed = 0x0a;
const space = 0x20;
/** `2026-11-22T08:00:00.123456789+09:00` and a space are 36 bytes. */
const longestStamp = 40;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Cuts the bytes of one connection into the same pieces, however they are chunked. */
export function createRawPieces(): RawPieces {
  const occurrenceOf = createOccurrences();
  let held: Uint8Array = new Uint8Array(0);
  /** Of the line that it is in the middle of. A stamp is read where a line begins, and nowhere else. */
  let open: Stamp | undefined;

  const pieceOf = (line: Stamp, bytes: Uint8Array, newline: boolean): RawPiece => ({
    ...line,
    bytes,
    newline,
    occurrence: occurrenceOf(line.stamp, bytes, newline),
  });
  return {
    push(chunk) {
      const all = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const pieces: RawPiece[] = [];
      let at = 0;
      for (;;) {
        const end = all.indexOf(lineFeed, at);
        const until = end === -1 ? all.length : end;
        if (!open) {
          if (end === -1 && until - at <= longestStamp + maxRecordBytes) break;
          const { length, ...stamp } = openLine(all.subarray(at, until));
          open = stamp;
          at += length;
        }
        for (; until - at > maxRecordBytes; at += maxRecordBytes)
          pieces.push(pieceOf(open, all.subarray(at, at + maxRecordBytes), false));
        if (end === -1) break;
        pieces.push(pieceOf(open, all.subarray(at, end), true));
        open = undefined;
        at = end + 1;
      }
      held = new Uint8Array(all.subarray(at));
      return pieces;
    },
    rest() {
      const { length, ...line } = open ? { ...open, length: 0 } : openLine(held);
      const bytes = held.subarray(length);
      const pieces: RawPiece[] = [];
      for (let at = 0; at < bytes.length; at += maxRecordBytes)
        pieces.push(pieceOf(line, bytes.subarray(at, at + maxRecordBytes), false));
      return pieces;
    },
  };
}

function openLine(line: Uint8Array): Stamp & { readonly length: number } {
  const end = line.subarray(0, longestStamp).indexOf(space);
  const stamp = end > 0 ? Buffer.from(line.subarray(0, end)).toString("latin1") : "";
  const time = rfc3339.test(stamp) ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(time) ? { stamp: "", time: null, length: 0 } : { stamp, time, length: end + 1 };
}

/** Stamps that are looked back upon: lines of stdout and stderr that come at one time change places a little. */
const stampsKept = 32;

/** A node's clock may give many lines one stamp, and a program writes one line many times. */
function createOccurrences(): (stamp: string, bytes: Uint8Array, newline: boolean) => number {
  const byStamp = new Map<string, Map<number, number>>();
  return (stamp, bytes, newline) => {
    let counts = byStamp.get(stamp);
    if (!counts) {
      counts = new Map();
      byStamp.set(stamp, counts);
      const [oldest] = byStamp.keys();
      if (byStamp.size > stampsKept && oldest !== undefined) byStamp.delete(oldest);
    }
    const digest = crc32(bytes, newline ? 1 : 0);
    const count = (counts.get(digest) ?? 0) + 1;
    counts.set(digest, count);
    return count;
  };
}
