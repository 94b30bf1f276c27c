import { isAsciiAlone } from "../../domain/log/frame.ts";
import { folded } from "./folded.ts";

export interface LineSearch {
  readonly matches: (text: string) => boolean;
  /** Whether frames whose lines are all whole may hold a match: a look at their bytes, without reading them. */
  readonly mayMatch: (frames: Uint8Array) => boolean;
}

/** Finds a text wherever it is in a line, letter case and width folded. */
export function keywordSearch(keyword: string): LineSearch {
  const word = folded(keyword);
  const isPlain = onlyAscii.test(word);
  return {
    matches: (text) => (onlyAscii.test(text) ? text.toLowerCase() : folded(text)).includes(word),
    // What is not ASCII may fold to anything; what is, to nothing but letters in the other case.
    mayMatch: (frames) => (isPlain && holdsWord(frames, word)) || !isAsciiAlone(frames),
  };
}

const onlyAscii = /^[\0-\x7f]*$/;

function holdsWord({ buffer, byteOffset, length }: Uint8Array, word: string): boolean {
  return Buffer.from(buffer, byteOffset, length).toString("latin1").toLowerCase().includes(word);
}
