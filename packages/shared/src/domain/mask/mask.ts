import { createMatcher, type Matcher } from "./matcher.ts";
import { minSecretBytes, secretForms } from "./secret-forms.ts";

export interface Secret {
  readonly name: string;
  readonly value: string;
}

export interface Mask {
  /** Names of secrets with a value that is too short to be masked (1 to 3 bytes). */
  readonly refused: readonly string[];
  createMasker(): Masker;
  maskText(text: string): string;
}

/** Replaces secrets in one stream of bytes by `***`. Secrets that overlap become one `***`. */
export interface Masker {
  /** What can be told now; bytes that may begin a secret are held back, at most the longest form's length. */
  push(bytes: Uint8Array): Uint8Array;
  /** The stream has ended: what was held back begins no secret. */
  end(): Uint8Array;
}

const replacement = new TextEncoder().encode("***");
const nothing = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function createMask(secrets: readonly Secret[]): Mask {
  const sizes = secrets.map(({ name, value }) => ({ name, value, bytes: encoder.encode(value).length }));
  const refused = sizes.filter(({ bytes }) => bytes > 0 && bytes < minSecretBytes).map(({ name }) => name);
  const forms = sizes
    .filter(({ bytes }) => bytes >= minSecretBytes)
    .flatMap(({ value }) => secretForms(value));
  if (forms.length === 0) {
    return {
      refused,
      createMasker: () => ({ push: (bytes) => bytes, end: () => nothing }),
      maskText: (text) => text,
    };
  }
  const matcher = createMatcher(forms);
  return {
    refused,
    createMasker: () => createMasker(matcher),
    maskText(text) {
      const masker = createMasker(matcher);
      const [head, tail] = [masker.push(encoder.encode(text)), masker.end()];
      return decoder.decode(head, { stream: true }) + decoder.decode(tail);
    },
  };
}

/** Places in the stream, from its start. */
interface Span {
  start: number;
  end: number;
}

function createMasker(matcher: Matcher): Masker {
  let state = 0;
  /** Where `held` begins: everything before has gone out. */
  let base = 0;
  let held: Uint8Array = nothing;
  /** Secrets found that may still grow, in order and apart. */
  let found: Span[] = [];

  const add = (start: number, end: number): void => {
    let from = start;
    for (let last = found.at(-1); last && last.end > from; last = found.at(-1)) {
      from = Math.min(from, last.start);
      found.pop();
    }
    found.push({ start: from, end });
  };

  /** Hands out everything before `safe`, where no later secret can begin. */
  const release = (all: Uint8Array, safe: number): Uint8Array => {
    if (found.length === 0) {
      const out = safe - base === all.length ? all : all.slice(0, safe - base);
      held = all.slice(safe - base);
      base = safe;
      return out;
    }
    const parts: Uint8Array[] = [];
    let at = base;
    let done = 0;
    for (const span of found) {
      if (span.start >= safe) break;
      if (span.start > at) parts.push(all.subarray(at - base, span.start - base));
      at = Math.min(span.end, safe);
      if (span.end > safe) break;
      parts.push(replacement);
      done += 1;
    }
    found = found.slice(done);
    const open = found[0];
    if (at < safe) parts.push(all.subarray(at - base, safe - base));
    // A secret that reaches behind `safe` has lost its first bytes here, and shows as `***` when it ends.
    if (open && open.start < safe) open.start = safe;
    held = all.slice(safe - base);
    base = safe;
    return joined(parts);
  };

  return {
    push(bytes) {
      const all = held.length === 0 ? bytes : joined([held, bytes]);
      const offset = base + held.length;
      for (let at = 0; at < bytes.length; at += 1) {
        if (state === 0) {
          at = matcher.skip(bytes, at);
          if (at === bytes.length) break;
        }
        state = matcher.next(state, bytes[at] ?? 0);
        const length = matcher.matchOf(state);
        if (length > 0) add(offset + at + 1 - length, offset + at + 1);
      }
      return release(all, offset + bytes.length - matcher.depthOf(state));
    },
    end() {
      const out = release(held, base + held.length);
      state = 0;
      return out;
    },
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
