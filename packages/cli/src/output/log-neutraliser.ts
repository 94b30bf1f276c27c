import { begunColour, neutraliseLog } from "./neutralise.ts";

/** One stream of a log for a terminal, piece by piece. */
export interface LogNeutraliser {
  /** What of `bytes` can be told by now; all of them where `isLineEnd`. */
  readonly next: (bytes: Uint8Array, isLineEnd: boolean) => string;
  /** What was held back for a piece that never came. */
  readonly rest: () => string;
}

/** The longest colour that is waited for, in characters. */
const longestColour = 40;

/** A long line is several pieces, between which a character or a colour may be cut in two: neither is broken by it. */
export function createLogNeutraliser(): LogNeutraliser {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let held = "";
  const next = (bytes: Uint8Array, isLineEnd: boolean) => {
    const text = held + decoder.decode(bytes, { stream: !isLineEnd });
    const begun = isLineEnd ? "" : (begunColour.exec(text.slice(-longestColour))?.[0] ?? "");
    held = begun;
    return neutraliseLog(text.slice(0, text.length - begun.length));
  };
  return { next, rest: () => next(new Uint8Array(), true) };
}
