const newline = 0x0a;
const space = 0x20;

export interface LineCounter {
  readonly take: (chunk: Buffer) => void;
  /** Throws where the lines were not 1, 2, 3 … to the last. */
  readonly expect: (lines: number) => void;
}

/** Of lines that begin with their own number, counted from 1. */
export function createLineCounter(): LineCounter {
  let last = 0;
  let number = 0;
  let isInNumber = true;
  return {
    take(chunk) {
      for (const byte of chunk) {
        if (byte === newline) {
          if (number !== last + 1) throw new Error(`line ${String(number)} came after line ${String(last)}`);
          last = number;
          number = 0;
          isInNumber = true;
        } else if (byte === space) isInNumber = false;
        else if (isInNumber) number = number * 10 + byte - 48;
      }
    },
    expect(lines) {
      if (last !== lines) throw new Error(`${String(last)} lines came instead of ${String(lines)}`);
    },
  };
}
