import { faultKinds, type FaultKind } from "./fault-kinds.ts";
import { createRandom } from "./random.ts";

export interface PlannedFault {
  /** Milliseconds from the start. */
  readonly at: number;
  readonly kind: FaultKind;
  /** Of [0, 1): which of those that it may hit. */
  readonly target: number;
  /** Of [0, 1): how long or how bad, as the kind has it. */
  readonly extent: number;
}

export interface FaultPlanOptions {
  readonly seed: number;
  readonly milliseconds: number;
  /** On average, all kinds together. */
  readonly perMinute: number;
  readonly kinds: readonly FaultKind[];
}

/** Faults at random moments, in order. */
export function planFaults({
  seed,
  milliseconds,
  perMinute,
  kinds,
}: FaultPlanOptions): readonly PlannedFault[] {
  if (kinds.length === 0 || perMinute <= 0) return [];
  const random = createRandom(seed, "faults");
  const weights = kinds.map((kind) => [kind, faultKinds[kind].weight] as const);
  const faults: PlannedFault[] = [];
  for (let at = 0; ;) {
    // What comes at random comes after pauses of this distribution.
    at += (-Math.log(1 - random.next()) * 60_000) / perMinute;
    if (at >= milliseconds) return faults;
    faults.push({
      at: Math.round(at),
      kind: random.weighted(weights),
      target: random.next(),
      extent: random.next(),
    });
  }
}
