import type { Control } from "./control.ts";
import { controlPrefix, parseControlLine } from "./control-line.ts";

export type SplitPiece =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "control"; readonly control: Control };

/** Tells control lines from output in a stream. */
export interface ControlLineSplitter {
  push(bytes: Uint8Array): SplitPiece[];
  /** The stream has ended: what was held back goes out. */
  end(): SplitPiece[];
  readonly heldBytes: number;
}

/** A longer line is text: a control's own texts end far below. */
export const maxControlLineBytes = 4096;

const prefix = new TextEncoder().encode(controlPrefix);
const lineFeed = 0x0a;

/**
 * A line that begins like a control is held back until it is complete, or until it cannot be one; all else
 * passes at once. Only a line's start counts.
 */
export function createControlLineSplitter(): ControlLineSplitter {
  let held: Uint8Array = new Uint8Array(0);
  let atLineStart = true;

  const split = (bytes: Uint8Array): SplitPiece[] => {
    const pieces: SplitPiece[] = [];
    let passed = 0;
    let at = 0;
    while (at < bytes.length) {
      if (atLineStart && beginsLikeControl(bytes, at)) {
        const end = bytes.indexOf(lineFeed, at);
        const length = (end === -1 ? bytes.length : end) - at;
        if (length <= maxControlLineBytes) {
          if (end === -1) {
            pass(bytes.subarray(passed, at), pieces);
            held = bytes.slice(at);
            return pieces;
          }
          const control = parseControlLine(bytes.subarray(at, end));
          if (control) {
            pass(bytes.subarray(passed, at), pieces);
            pieces.push({ kind: "control", control });
            passed = end + 1;
          }
        }
      }
      const next = nextSuspect(bytes, at);
      atLineStart = next < bytes.length || bytes[bytes.length - 1] === lineFeed;
      at = next;
    }
    pass(bytes.subarray(passed), pieces);
    return pieces;
  };

  return {
    push(bytes) {
      const all = held.length === 0 ? bytes : joined(held, bytes);
      if (held.length > 0) atLineStart = true;
      held = new Uint8Array(0);
      return split(all);
    },
    end() {
      const last = held;
      held = new Uint8Array(0);
      if (last.length === 0) return [];
      const control = parseControlLine(last);
      return [control ? { kind: "control", control } : { kind: "bytes", bytes: last }];
    },
    get heldBytes() {
      return held.length;
    },
  };
}

/** The next line start after `at` where a control may begin, else the end. */
function nextSuspect(bytes: Uint8Array, at: number): number {
  for (let end = bytes.indexOf(lineFeed, at); end !== -1; end = bytes.indexOf(lineFeed, end + 1)) {
    if (bytes[end + 1] === prefix[0]) return end + 1;
  }
  return bytes.length;
}

function beginsLikeControl(bytes: Uint8Array, at: number): boolean {
  const length = Math.min(prefix.length, bytes.length - at);
  for (let index = 0; index < length; index += 1) if (bytes[at + index] !== prefix[index]) return false;
  return true;
}

function pass(bytes: Uint8Array, pieces: SplitPiece[]): void {
  if (bytes.length > 0) pieces.push({ kind: "bytes", bytes });
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
