/** What a byte is to the search for a level word. */
const kinds = { separator: 0, digit: 1, letter: 2, bracket: 3, other: 4 } as const;
type Kind = (typeof kinds)[keyof typeof kinds];
const kindOf = byteKinds();
const escapeByte = 0x1b;
/** No level word is longer. */
const maxWordLength = 16;
/** Full-width openers and the ideographic space before Japanese words: 【［「（ and U+3000. */
const wideOpeners = [
  [0xe3, 0x80, 0x90],
  [0xef, 0xbc, 0xbb],
  [0xe3, 0x80, 0x8c],
  [0xef, 0xbc, 0x88],
  [0xe3, 0x80, 0x80],
] as const;

/** Skips space, brackets, colours and digits, and says whether digits (a time) or a bracket were among them. */
export function skipToWord(
  line: Uint8Array,
  from: number,
  end: number,
): { at: number; digits: boolean; bracket: boolean } {
  let at = from;
  let digits = false;
  let bracket = false;
  for (; at < end; at += 1) {
    const byte = line[at] ?? 0;
    const kind = kindOf[byte];
    if (kind === kinds.letter) {
      // The T and Z of an ISO 8601 time, and the zone's +00:00.
      const follows = kindOf[line[at + 1] ?? 0x20];
      if (digits && (byte === 0x54 || byte === 0x5a) && follows !== kinds.letter && isAfterDigit(line, at))
        continue;
      break;
    }
    if (byte === escapeByte) {
      at = endOfColour(line, at, end);
      continue;
    }
    if (byte >= 0x80) {
      const opener = wideOpeners.some(
        ([, second, third]) => line[at + 1] === second && line[at + 2] === third,
      );
      if (!opener) break;
      bracket ||= line[at + 2] !== 0x80;
      at += 2;
      continue;
    }
    if (kind === kinds.other) break;
    if (kind === kinds.digit) digits = true;
    if (kind === kinds.bracket) bracket = true;
    else if (kind === kinds.digit) bracket = false;
  }
  return { at, digits, bracket };
}

export interface ScannedWord {
  /** Nothing but a word: letters, not too many, and no name that goes on. */
  readonly whole: boolean;
  readonly length: number;
  readonly upper: boolean;
  /** Followed by a colon, a closing bracket or `!`. */
  readonly marked: boolean;
  readonly digitsFollow: boolean;
  /** Where to look for the next word. */
  readonly end: number;
}

export function scanWord(line: Uint8Array, from: number, end: number): ScannedWord {
  let at = from;
  let upper = true;
  while (at < end && kindOf[line[at] ?? 0] === kinds.letter) {
    const byte = line[at] ?? 0;
    if (byte >= 0x61) upper = false;
    at += 1;
  }
  const length = at - from;
  const next = line[at] ?? 0x20;
  const marked = next === 0x3a || next === 0x5d || next === 0x29 || next === 0x3e || next === 0x21;
  const digitsFollow = kindOf[next] === kinds.digit;
  // A word with more behind it (`errors.log`, `error_count`) is a name, not a level.
  const whole =
    marked || next <= 0x20 || next === escapeByte || next === 0x7c || next === 0x2d || next === 0x2c;
  while (at < end && (line[at] ?? 0) > 0x20) at += 1;
  return {
    whole: whole && length > 0 && length <= maxWordLength,
    length,
    upper,
    marked,
    digitsFollow,
    end: Math.max(at, from + 1),
  };
}

/** Of letters, in lower case. */
export function lowerCaseOf(line: Uint8Array, from: number, length: number): string {
  let text = "";
  for (let at = from; at < from + length; at += 1) text += String.fromCharCode((line[at] ?? 0) | 0x20);
  return text;
}

function isAfterDigit(line: Uint8Array, at: number): boolean {
  return at > 0 && kindOf[line[at - 1] ?? 0] === kinds.digit;
}

/** The last byte of `ESC [ … m`. */
function endOfColour(line: Uint8Array, from: number, end: number): number {
  let at = from + 1;
  if (line[at] !== 0x5b) return from;
  for (at += 1; at < end; at += 1) {
    const byte = line[at] ?? 0;
    if (byte >= 0x40 && byte <= 0x7e) return at;
  }
  return end - 1;
}

function byteKinds(): readonly Kind[] {
  const separators = " \t\r\u001b-:.,/+|*#=>";
  return Array.from({ length: 256 }, (_, byte) => {
    const character = String.fromCharCode(byte);
    if (byte >= 0x80) return kinds.other;
    if (/[0-9]/.test(character)) return kinds.digit;
    if (/[A-Za-z]/.test(character)) return kinds.letter;
    if (/[[(<]/.test(character)) return kinds.bracket;
    if (separators.includes(character) || /[\])]/.test(character)) return kinds.separator;
    return kinds.other;
  });
}
