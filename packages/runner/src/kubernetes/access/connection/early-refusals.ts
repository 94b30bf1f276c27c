import type { Timers } from "../../../stages/timers.ts";
import { waitFor } from "./wait-for.ts";

/** Of one request that was refused. */
export interface Doubt {
  /** Resolves, when that makes sense, with whether the same is to be asked again; false: the refusal is to be believed. */
  mayChange(signal?: AbortSignal): Promise<boolean>;
}

export interface EarlyRefusals {
  doubt(): Doubt;
}

const askAgainAfterMs = 1000;
/** A server that is not ready for longer, or says that to nobody, is believed. */
const mostWaits = 10;

/**
 * An API server that has just started knows no roles yet and refuses, as forbidden, what it allows a moment later.
 * Whoever took that for an answer would give up what is only interrupted.
 */
export function createEarlyRefusals(isReady: () => Promise<boolean>, timers: Timers): EarlyRefusals {
  let isBelieved = false;
  return {
    doubt() {
      let waits = 0;
      let wasReady = false;
      return {
        async mayChange(signal) {
          if (isBelieved || wasReady) return false;
          // It may have become ready since it refused: once more, and then it is an answer.
          wasReady = await isReady();
          if (wasReady) return true;
          if (waits === mostWaits) isBelieved = true;
          if (isBelieved) return false;
          waits += 1;
          await waitFor(askAgainAfterMs, timers, signal);
          return true;
        },
      };
    },
  };
}
