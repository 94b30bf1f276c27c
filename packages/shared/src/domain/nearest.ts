/** Candidates that a slip of the fingers may have turned into `text`, the nearest first, at most three. */
export function nearestWords(text: string, candidates: readonly string[]): readonly string[] {
  const wanted = folded(text);
  const bound = Math.min(3, Math.max(1, Math.floor(wanted.length / 3)));
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(wanted, folded(candidate), bound) }))
    .filter(({ distance }) => distance <= bound)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** `config_path`, `configPath` and `config-path` are one word to a person. */
function folded(text: string): string {
  return text.toLowerCase().replaceAll(/[-_\s]/g, "");
}

/** Insertions, deletions, replacements and swaps of neighbours; anything above `bound` is `bound + 1`. */
function editDistance(one: string, other: string, bound: number): number {
  if (Math.abs(one.length - other.length) > bound) return bound + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    if (Math.min(...current) > bound) return bound + 1;
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? bound + 1;
}
