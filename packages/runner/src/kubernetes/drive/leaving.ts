import type { ClusterRunnerDeps } from "./deps.ts";

/** Milliseconds that whoever leaves waits for its Pod: behind its gate it would start nothing before the next driver. */
const patience = 20_000;

/** When a driver may go: at once where the attempt is lost, and where it is left, when its Pod was let go. */
export function createLeaving(
  { clock, detach }: Pick<ClusterRunnerDeps, "clock" | "detach">,
  lost: AbortSignal,
) {
  let isLetGo = false;
  let until: number | null = null;
  return {
    /** The Pod needs no driver to start. */
    letGo(): void {
      isLetGo = true;
    },
    isDue(): boolean {
      if (lost.aborted) return true;
      if (!detach.aborted) return false;
      until ??= clock() + patience;
      return isLetGo || clock() >= until;
    },
    /** When to look again, at the latest; null where nobody leaves. */
    get until(): number | null {
      return until;
    },
    /** What may make it due: a signal that has aborted would end each wait at once. */
    get signals(): readonly AbortSignal[] {
      return detach.aborted ? [lost] : [lost, detach];
    },
  };
}
