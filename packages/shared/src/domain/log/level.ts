import type { Level, StreamName } from "./stream.ts";
import { lowerCaseOf, scanWord, skipToWord } from "./level-scan.ts";

/** Words that name a level, in any language; ASCII words are compared without case. */
export type LevelWords = Readonly<Record<Level, readonly string[]>>;

export const defaultLevelWords: LevelWords = {
  DEBUG: ["debug", "trace", "verbose", "dbg", "デバッグ"],
  INFO: ["info", "notice", "information", "informational", "log", "default", "情報"],
  WARN: ["warn", "warning", "wrn", "警告"],
  ERROR: "error err fatal critical crit severe panic alert emerg emergency エラー 異常終了 致命的".split(" "),
};

export type LevelDetector = (line: Uint8Array, stream: StreamName) => Level;

/** Only this much of a line is looked at. */
const lookedAtBytes = 200;
const wordsAfterTime = 4;
const klogLevels: Readonly<Record<string, Level>> = {
  D: "DEBUG",
  I: "INFO",
  W: "WARN",
  E: "ERROR",
  F: "ERROR",
};
const keyPattern =
  /(?:"(?:level|severity|lvl|log\.level|loglevel|levelname)"\s*:\s*"?|(?:^|\s)(?:level|lvl|severity)="?)([A-Za-z]+|\d+)/i;
const encoder = new TextEncoder();
const text = new TextDecoder();

const detectors = new WeakMap<LevelWords, LevelDetector>();

/** As a detector does that is made for these words; made once for each table. */
export function detectLevel(
  stream: StreamName,
  line: Uint8Array,
  words: LevelWords = defaultLevelWords,
): Level {
  let detector = detectors.get(words);
  if (!detector) detectors.set(words, (detector = createLevelDetector(words)));
  return detector(line, stream);
}

/** The level of a log line: what the line itself says, else INFO for stdout and WARN for stderr. */
export function createLevelDetector(words: LevelWords = defaultLevelWords): LevelDetector {
  const byWord = new Map<string, Level>();
  const prefixes: (readonly [Uint8Array, Level])[] = [];
  for (const level of ["DEBUG", "INFO", "WARN", "ERROR"] as const) {
    for (const word of words[level]) {
      if (/^[A-Za-z]+$/.test(word)) byWord.set(word.toLowerCase(), level);
      else if (word !== "") prefixes.push([encoder.encode(word), level]);
    }
  }

  const leads = new Set(prefixes.map(([[lead]]) => lead));

  const named = (value: string): Level | undefined =>
    /^\d/.test(value) ? numericLevel(Number(value)) : byWord.get(value.toLowerCase());

  const leading = (line: Uint8Array, end: number): Level | undefined => {
    let at = 0;
    let timed = false;
    for (let words = 0; words <= wordsAfterTime; words += 1) {
      const start = skipToWord(line, at, end);
      timed ||= start.digits;
      at = start.at;
      if (at >= end || (words > 0 && !timed)) return undefined;
      const first = line[at] ?? 0;
      if (leads.has(first)) {
        const match = prefixes.find(([prefix]) => startsWith(line, at, prefix));
        if (match) return match[1];
      }
      const word = scanWord(line, at, end);
      if (word.digitsFollow && word.length === 1) return klogLevels[String.fromCharCode(first)];
      const level = word.whole ? byWord.get(lowerCaseOf(line, at, word.length)) : undefined;
      if (level && (word.upper || word.marked || start.bracket || (timed && words === 0))) return level;
      at = word.end;
    }
    return undefined;
  };

  return (line, stream) => {
    const end = Math.min(line.length, lookedAtBytes);
    const first = line[0];
    let level: Level | undefined;
    // `{` of a JSON line; `l` and `t` of logfmt's `level=` and `time=`.
    if (first === 0x7b) {
      const match = keyPattern.exec(text.decode(line.subarray(0, end)));
      level = match?.[1] === undefined ? undefined : named(match[1]);
    } else {
      if ((first === 0x6c || first === 0x74) && line.subarray(0, 32).includes(0x3d)) {
        const match = keyPattern.exec(text.decode(line.subarray(0, end)));
        level = match?.[1] === undefined ? undefined : named(match[1]);
      }
      level ??= leading(line, end);
    }
    return level ?? (stream === "stdout" ? "INFO" : "WARN");
  };
}

/** Pino's and Bunyan's numbers, and syslog's 0 to 7. */
function numericLevel(value: number): Level {
  if (value < 8) return value <= 3 ? "ERROR" : value === 4 ? "WARN" : value === 7 ? "DEBUG" : "INFO";
  if (value >= 50) return "ERROR";
  if (value >= 40) return "WARN";
  return value >= 30 ? "INFO" : "DEBUG";
}

function startsWith(line: Uint8Array, at: number, prefix: Uint8Array): boolean {
  for (let index = 0; index < prefix.length; index += 1) if (line[at + index] !== prefix[index]) return false;
  return true;
}
