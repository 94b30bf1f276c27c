import type { ProcessTable } from "../holder.ts";
import { randomToken } from "./identity.ts";

/** What the programs need from outside. */
export interface Context {
  readonly processes: ProcessTable;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
}

export const leaseMilliseconds = 60_000;

export function newToken(context: Context): string {
  return randomToken(context.random);
}
