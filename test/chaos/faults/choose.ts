import type { PlannedFault } from "../plan/plan-faults.ts";
import type { Round } from "../world/round-state.ts";

/** Brings one fault about, and resolves when it is over; false where there was nothing that it could hit. */
export type BringAbout = (round: Round, planned: PlannedFault) => Promise<boolean>;

/** The one of these that the plan's number says; undefined where there is none. */
export function target<T>(from: readonly T[], { target: which }: PlannedFault): T | undefined {
  return from[Math.floor(which * from.length)];
}

/** Milliseconds between these, as bad as the plan says. */
export function lasting({ extent }: PlannedFault, from: number, to: number): number {
  return Math.round(from + extent * (to - from));
}
