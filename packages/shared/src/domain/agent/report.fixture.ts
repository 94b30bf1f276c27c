import type { AgentReport } from "./protocol.ts";

/** Of a command that ended with 0 and printed nothing. */
export function agentReport(change: Partial<AgentReport> = {}): AgentReport {
  return {
    version: 1,
    taskId: "k7m2xqaf4t",
    exitCode: 0,
    signal: null,
    startError: null,
    timedOut: false,
    stopped: null,
    restarts: 0,
    startedAt: "2026-01-01T00:00:00.000Z",
    finishedAt: "2026-01-01T00:00:01.000Z",
    stdout: nothing,
    stderr: nothing,
    sequence: 1,
    spoolComplete: true,
    leavesArtifacts: false,
    oomKills: 0,
    peakMemoryBytes: null,
    message: "",
    ...change,
  };
}

const nothing = { bytes: 0, sha256: "0".repeat(64) };
