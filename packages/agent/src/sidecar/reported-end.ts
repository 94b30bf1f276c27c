import { setTimeout as sleep } from "node:timers/promises";
import { readReport } from "../report/read-report.ts";

/** Milliseconds. */
export interface Patience {
  /** Between looks for the agent's report: to watch its directory would take one of a node's few inotify instances. */
  readonly look: number;
  /** From the report on: by then its agent has ended, and a kubelet that tells of that has told. */
  readonly untold: number;
}

export const defaultPatience: Patience = { look: 5_000, untold: 30_000 };

/**
 * Resolves when the main container has ended and the kubelet keeps that to itself: it tells the sidecar of the end of
 * all containers, and one that somebody else put into the Pod may never end. The agent's report is the last that it
 * writes, after all artifacts are where they belong. Resolves early when `told` aborts.
 */
export async function reportedEnd(
  runDirectory: string,
  told: AbortSignal,
  patience: Patience,
): Promise<void> {
  while (!told.aborted && !(await hasReport(runDirectory))) await rest(patience.look, told);
  await rest(patience.untold, told);
}

async function hasReport(runDirectory: string): Promise<boolean> {
  return await readReport(runDirectory).then(
    (report) => report !== null,
    // The command can put anything there: what cannot be read is no report.
    () => false,
  );
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  // Aborted: there is nothing to wait for any more.
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
