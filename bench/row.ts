/** One figure beside that of a peer, or beside a bound, taken in the same run. */
export interface BenchRow {
  /** A stable name, for programs. */
  readonly id: string;
  readonly work: string;
  readonly unit: string;
  /** What `ours` is held against: another program, or a bound. */
  readonly against: string;
  readonly ours: number;
  readonly peer: number;
  /** Above 1 is better than the peer where the target says "≥", worse where it says "≤". */
  readonly ratio: number;
  readonly target: Target | null;
  /** What keeps it from being better, as far as it was found out. */
  readonly boundBy?: string;
}

export interface Target {
  readonly relation: "≤" | "≥";
  readonly ratio: number;
}

export const atMost = (ratio: number): Target => ({ relation: "≤", ratio });
export const atLeast = (ratio: number): Target => ({ relation: "≥", ratio });

export function isShort({ ratio, target }: BenchRow): boolean {
  if (!target) return false;
  // A figure that is none falls short.
  return !(target.relation === "≤" ? ratio <= target.ratio : ratio >= target.ratio);
}

type Figures = Omit<BenchRow, "ratio" | "ours" | "peer">;

export function rowOf(figures: Figures, ours: number, peer: number): BenchRow {
  return { ...figures, ours, peer, ratio: ours / peer };
}

/** Of figures taken in turns: the ratio is the middle one of each turn's, so that a slow moment hits both sides. */
export function rowOfPairs(figures: Figures, pairs: readonly Pair[]): BenchRow {
  return {
    ...figures,
    ours: median(pairs.map(({ ours }) => ours)),
    peer: median(pairs.map(({ peer }) => peer)),
    ratio: median(pairs.map(({ ours, peer }) => ours / peer)),
  };
}

export interface Pair {
  readonly ours: number;
  readonly peer: number;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
