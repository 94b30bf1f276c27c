import type { AttemptPhase } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import type { RunnerDeps } from "./deps.ts";

/** Makes a phase known to the queue, and to whoever watches. */
export async function recordPhase(deps: RunnerDeps, claim: Claim, phase: AttemptPhase): Promise<void> {
  await deps.queue.recordAttempt(claim.lease, { phase });
  deps.observer.phase(phase);
}
