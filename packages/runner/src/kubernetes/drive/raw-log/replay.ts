import type { RawPiece } from "./pieces.ts";
import { isLike, type ResumePoint } from "./resume-point.ts";

export interface Fresh {
  /** Not taken before. */
  readonly pieces: readonly RawPiece[];
  /** Something may be missing before them. */
  readonly hasGap: boolean;
}

/** Tells of a connection what was taken before from what is new. */
export interface Replay {
  push(pieces: readonly RawPiece[]): Fresh;
  /** There is no more to come, also not from another connection. */
  finish(): Fresh;
  /** All that comes from now on is new. */
  readonly isPast: boolean;
}

/** What may turn out to be new is kept up to here, each piece counted with what it takes besides its bytes. */
const mostHeld = 1 << 20;
const pieceOverhead = 128;

/**
 * A connection brings, in the order of the node's file and from somewhere in it, what has no earlier stamp than was asked
 * for. Whatever the stamps are, new is what comes after the last piece that was taken: the n-th of its like, where
 * n of them were taken. Where the file does not have it any more, because it was rotated, that shows by a line that
 * is later than all that was taken; then there is a gap. A connection's first line shows nothing: it may be the rest of
 * one that is cut, and begin with anything.
 */
export function createReplay(point: ResumePoint | null): Replay {
  let isPast = point === null;
  let isMissing = false;
  let isFirstLine = true;
  let seen = 0;
  let unstored = point?.unstored ?? { pieces: 0, bytes: 0 };
  let held: RawPiece[] = [];
  let heldBytes = 0;

  const hold = (piece: RawPiece) => {
    held.push(piece);
    heldBytes += weightOf(piece);
    if (heldBytes <= mostHeld) return;
    held = held.slice(held.length / 2);
    heldBytes = held.reduce((sum, one) => sum + weightOf(one), 0);
  };
  const release = (): RawPiece[] => {
    const pieces = held;
    [held, heldBytes] = [[], 0];
    return pieces;
  };
  const giveUp = (): RawPiece[] => {
    isPast = true;
    isMissing = true;
    return seen > 0 ? release().slice(unstored.pieces) : release();
  };
  const passLast = () => {
    seen += 1;
    release();
    isPast = seen === point?.occurrence && unstored.pieces === 0;
  };
  const passUnstored = ({ bytes, newline }: RawPiece) => {
    unstored = {
      pieces: unstored.pieces - 1,
      bytes: unstored.bytes - bytes.length - (newline ? 1 : 0),
    };
    isPast = unstored.pieces === 0;
    isMissing = isPast && unstored.bytes !== 0;
  };
  const take = (piece: RawPiece): readonly RawPiece[] => {
    const mayBeRest = isFirstLine;
    isFirstLine &&= !piece.newline;
    if (!point || isPast) return [piece];
    if (!point.last || seen === point.occurrence) passUnstored(piece);
    else if (isLike(point.last, piece)) passLast();
    else {
      hold(piece);
      if (!mayBeRest && piece.time !== null && piece.time > point.latest) return giveUp();
    }
    return [];
  };
  const told = (pieces: readonly RawPiece[], hasGap: boolean): Fresh => {
    if (hasGap) isMissing = false;
    return { pieces, hasGap };
  };
  return {
    push(pieces) {
      const fresh = isPast ? pieces : pieces.flatMap(take);
      return told(fresh, isMissing && fresh.length > 0);
    },
    finish() {
      const fresh = isPast ? [] : giveUp();
      return told(fresh, isMissing);
    },
    get isPast() {
      return isPast;
    },
  };
}

function weightOf({ bytes }: RawPiece): number {
  return bytes.length + pieceOverhead;
}
