import { CloneError } from "./outcome.ts";

/** Milliseconds before the second and the third try: long enough for a restarting server, short for a person. */
const pauses = [2000, 8000];

export interface RetryDependencies {
  readonly wait: (milliseconds: number, stop: AbortSignal) => Promise<void>;
  readonly stop: AbortSignal;
  readonly onLine: (line: string) => void;
}

/** Three tries in all of what the network made fail; the last failure is thrown. */
export async function retryNetwork<Result>(
  attempt: () => Promise<Result>,
  deps: RetryDependencies,
): Promise<Result> {
  for (const pause of pauses) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof CloneError && error.transient)) throw error;
      deps.onLine(`keruta: ${error.failure.message}`);
      deps.onLine(`keruta: The network failed; trying again in ${String(pause / 1000)} s.`);
      await deps.wait(pause, deps.stop);
    }
  }
  return attempt();
}
