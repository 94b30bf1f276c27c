import { describeDuration, phaseWords, type AttemptPhase } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";

/** The status line of a phase that begins now, with the seconds that it takes. */
export function phaseLine({ clock, translate }: Context, phase: AttemptPhase): () => string {
  const since = clock();
  const words = translate(phaseWords[phase]);
  return () => {
    const seconds = Math.floor((clock() - since) / 1000);
    return seconds < 1 ? words : `${words} ${describeDuration(seconds * 1000)}`;
  };
}
