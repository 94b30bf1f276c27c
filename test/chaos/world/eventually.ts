import { setTimeout as pause } from "node:timers/promises";

export interface Patience {
  readonly milliseconds: number;
  readonly interval?: number;
}

/** Looks until there is a value; what is away meanwhile is asked again. Undefined when the time is over. */
export async function eventually<T>(
  look: () => Promise<T | undefined>,
  { milliseconds, interval = 200 }: Patience,
): Promise<T | undefined> {
  let trouble: unknown;
  for (const end = Date.now() + milliseconds; Date.now() < end; await pause(interval)) {
    try {
      const value = await look();
      if (value !== undefined) return value;
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
  }
  if (trouble !== undefined) throw new Error("it did not answer in time", { cause: trouble });
  return undefined;
}
