/**
 * Aho and Corasick's automaton over bytes. A state stands for the longest end of the text read so far that begins
 * a pattern; state 0 is the empty one. States keep their children as a list, so that a long pattern costs bytes,
 * not kilobytes, and only the first step has a table.
 */
export interface Matcher {
  next(state: number, byte: number): number;
  /** Length of the state's own text. */
  depthOf(state: number): number;
  /** Length of the longest pattern that ends here, 0 where none does. */
  matchOf(state: number): number;
  /** Where the next byte that may begin a pattern stands, from the empty state. */
  skip(bytes: Uint8Array, from: number): number;
}

export function createMatcher(patterns: readonly Uint8Array[]): Matcher {
  const size = patterns.reduce((sum, { length }) => sum + length, 1);
  const byteOf = new Uint8Array(size);
  const child = new Int32Array(size);
  const sibling = new Int32Array(size);
  const fail = new Int32Array(size);
  const depth = new Int32Array(size);
  const match = new Int32Array(size);
  const first = new Int32Array(256);
  let count = 1;

  const childOf = (state: number, byte: number): number => {
    if (state === 0) return first[byte] ?? 0;
    let at = child[state] ?? 0;
    while (at !== 0 && byteOf[at] !== byte) at = sibling[at] ?? 0;
    return at;
  };

  for (const pattern of patterns) {
    let state = 0;
    for (const byte of pattern) {
      let next = childOf(state, byte);
      if (next === 0) {
        next = count++;
        byteOf[next] = byte;
        depth[next] = (depth[state] ?? 0) + 1;
        if (state === 0) first[byte] = next;
        else {
          sibling[next] = child[state] ?? 0;
          child[state] = next;
        }
      }
      state = next;
    }
    match[state] = pattern.length;
  }

  const next = (from: number, byte: number): number => {
    for (let state = from; ; state = fail[state] ?? 0) {
      const to = childOf(state, byte);
      if (to !== 0 || state === 0) return to;
    }
  };

  const queue = [...first].filter((state) => state !== 0);
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] ?? 0;
    const suffix = fail[state] ?? 0;
    // The longest pattern that ends here is the state itself where it is one, else the longest of its suffix.
    if (match[state] === 0) match[state] = match[suffix] ?? 0;
    for (let at = child[state] ?? 0; at !== 0; at = sibling[at] ?? 0) {
      fail[at] = next(suffix, byteOf[at] ?? 0);
      queue.push(at);
    }
  }

  return {
    next,
    depthOf: (state) => depth[state] ?? 0,
    matchOf: (state) => match[state] ?? 0,
    skip(bytes, from) {
      let at = from;
      while (at < bytes.length && first[bytes[at] ?? 0] === 0) at += 1;
      return at;
    },
  };
}
