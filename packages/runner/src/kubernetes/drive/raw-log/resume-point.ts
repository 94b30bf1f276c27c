import type { RawPiece } from "./pieces.ts";

/** Up to where a log was taken, told by what a node sends again. */
export interface ResumePoint {
  /** The last piece that was taken; null where the bytes of none are known. */
  readonly last: LastPiece | null;
  /** Which one of the pieces that are like the last it is. */
  readonly occurrence: number;
  /** Taken after it without being stored, by a setting or for want of space: only their number and length are known. */
  readonly unstored: { readonly pieces: number; readonly bytes: number };
  /** Milliseconds since 1970: nothing that was taken is later. */
  readonly latest: number;
}

export interface LastPiece {
  /** null where this driver did not see it: the queue stores milliseconds. */
  readonly stamp: string | null;
  readonly time: number | null;
  readonly bytes: Uint8Array;
  readonly newline: boolean;
}

export function isLike(last: LastPiece, piece: RawPiece): boolean {
  const isOfThatTime = last.stamp === null ? piece.time === last.time : piece.stamp === last.stamp;
  return isOfThatTime && piece.newline === last.newline && Buffer.compare(piece.bytes, last.bytes) === 0;
}

export function pointAfter(point: ResumePoint | null, pieces: readonly RawPiece[]): ResumePoint | null {
  const piece = pieces.at(-1);
  if (!piece) return point;
  const { stamp, newline, occurrence } = piece;
  const last = {
    stamp,
    newline,
    time: piece.time ?? point?.last?.time ?? null,
    bytes: new Uint8Array(piece.bytes),
  };
  let latest = point?.latest ?? Number.NEGATIVE_INFINITY;
  for (const { time } of pieces) if (time !== null && time > latest) latest = time;
  return { last, occurrence, unstored: { pieces: 0, bytes: 0 }, latest };
}
