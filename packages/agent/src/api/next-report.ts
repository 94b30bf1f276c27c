/** What is not told yet. */
export interface Untold {
  readonly isConnected: boolean;
  readonly start: boolean;
  readonly result: boolean;
  readonly progress: boolean;
  /** The log has entries that the server is not known to have, and it is time to look for them. */
  readonly log: boolean;
  /** Milliseconds since the server last answered. */
  readonly silence: number;
}

export type ReportKind = "connect" | "start" | "result" | "progress" | "log" | "heartbeat";

export const heartbeatInterval = 15_000;

/** The result before the rest of the log: it is what settles an attempt that nobody else sees end. */
export function nextReport(untold: Untold): ReportKind | null {
  const isDue = untold.silence >= heartbeatInterval;
  const wanted = untold.start || untold.result || untold.progress || untold.log || isDue;
  if (!untold.isConnected) return wanted ? "connect" : null;
  if (untold.start) return "start";
  if (untold.result) return "result";
  if (untold.progress) return "progress";
  if (untold.log) return "log";
  return isDue ? "heartbeat" : null;
}
