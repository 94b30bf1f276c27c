import { frameHeaderBytes } from "../log/frame.ts";
import type { AgentReport } from "./protocol.ts";

/**
 * The kubelet begins another file after 10 MiB, and a follower that comes late sees that one only. In its file a line
 * has 45 bytes more than the command wrote, in the spool 24: a spool below this is far from there.
 */
const wholeInFirstFile = 1 << 20;

export interface Ended {
  /** A driver is to fetch artifacts. */
  readonly artifacts: boolean;
  /** False where the main container ran without the agent. */
  readonly wrapped: boolean;
  /** The agent's; null where it was killed, with its memory perhaps. */
  readonly report: AgentReport | null;
}

/**
 * What a sidecar keeps, after the main container's end, until its driver has it; null where there is nothing. `remains`:
 * what an agent knew that left no report. The driver asks too, and lets a sidecar go that waits.
 */
export function sidecarWaitsFor({
  artifacts,
  wrapped,
  report,
}: Ended): "artifacts" | "remains" | "log" | null {
  if (artifacts) return "artifacts";
  if (!wrapped) return null;
  if (!report) return "remains";
  return spoolBytesOf(report) >= wholeInFirstFile ? "log" : null;
}

/** Of the log's spool, but for what control records hold. */
export function spoolBytesOf({ stdout, stderr, sequence }: AgentReport): number {
  return stdout.bytes + stderr.bytes + sequence * frameHeaderBytes;
}
