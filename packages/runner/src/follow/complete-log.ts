import { isKerutaError, type AgentReport, type GapEntry, type LogSummary } from "@keruta/shared/domain";
import type { LogPosition } from "@keruta/shared/queue";
import type { LogKeeper, ReadSpool } from "./log-keeper.ts";

export interface CompleteLogOptions {
  readonly log: LogKeeper;
  /** null where the agent was killed: what it had not passed on is not known. */
  readonly report: AgentReport | null;
  readonly readSpool: ReadSpool;
  readonly clock: () => number;
}

/**
 * Brings the stored log to the attempt's end: what is missing comes from the spool, what cannot be had becomes a
 * gap entry, and bytes and digest are held against the agent's report.
 */
export async function completeLog(options: CompleteLogOptions): Promise<LogSummary> {
  const { log, report, readSpool } = options;
  for (let round = 1; ; round += 1) {
    await log.flush();
    if (!agrees(log, report)) await log.catchUp();
    try {
      await log.resume(readSpool, true);
      if (!agrees(log, report)) await storeSpool(options);
      await log.flush();
      if (agrees(log, report)) return log.summary(true);
      await log.giveUp(null);
      if (!isAccounted(log, report)) await log.giveUp(gapOf(options));
      return log.summary(false);
    } catch (error) {
      // The agent, or its last request, brought entries in between: they are taken in first.
      if (!isKerutaError(error, "KRT_USAGE") || round === maxRounds) throw error;
    }
  }
}

const maxRounds = 5;

/** The summary of a log that has no more to come, and of which no agent tells. */
export async function closeLog(log: LogKeeper, isWhole: boolean): Promise<LogSummary> {
  await log.resume(null, true);
  await log.giveUp(null);
  return log.summary(isWhole);
}

function gapOf({ log, report, clock }: CompleteLogOptions): GapEntry {
  const { sequence, stdoutBytes, stderrBytes } = log.position;
  return {
    kind: "gap",
    sequence: sequence + 1,
    lastSequence: Math.max(sequence + 1, report?.sequence ?? 0),
    time: clock(),
    // A report may claim less than there is: a command may have written it.
    stdoutBytes: report && Math.max(0, report.stdout.bytes - stdoutBytes),
    stderrBytes: report && Math.max(0, report.stderr.bytes - stderrBytes),
    ...reasonOf(report, sequence),
  };
}

const spoolBound = {
  reason: "spool-bound",
  why: "the stream was cut and the spool had reached its bound",
} as const;

/** For what neither the stream nor the spool has, up to a place after the log's position; `time` is its mark's. */
export function gapUpTo(end: LogPosition, { position }: LogKeeper, time: number): GapEntry {
  return {
    kind: "gap",
    sequence: position.sequence + 1,
    lastSequence: end.sequence,
    time,
    stdoutBytes: end.stdoutBytes - position.stdoutBytes,
    stderrBytes: end.stderrBytes - position.stderrBytes,
    ...spoolBound,
  };
}

function reasonOf(report: AgentReport | null, sequence: number): Pick<GapEntry, "reason" | "why"> {
  if (!report)
    return {
      reason: "agent-killed",
      why: "the agent was killed; output that it had not passed on is lost",
    };
  if (!report.spoolComplete) return spoolBound;
  return sequence < report.sequence
    ? {
        reason: "spool-lost",
        why: "the stream was cut, and the agent's copy of the rest cannot be read any more",
      }
    : { reason: "digest-mismatch", why: "the log does not agree with the agent's digest" };
}

/** Stores, and shows, what the spool has after the log's position. True where it will never have more. */
export async function storeSpool({
  log,
  readSpool,
}: Pick<CompleteLogOptions, "log" | "readSpool">): Promise<boolean> {
  let isFinal = false;
  async function* batches() {
    isFinal = (yield* readSpool(log.position.sequence)) === true;
  }
  for await (const entries of batches()) await log.store(entries);
  return isFinal;
}

function agrees(log: LogKeeper, report: AgentReport | null): boolean {
  if (!report || log.isFull) return false;
  const { digest } = log;
  // Of bytes that a setting dropped before this driver came, only the number is known.
  if (!digest) return !log.hasLoss && standsAt(log, report);
  const streams = ["stdout", "stderr"] as const;
  return streams.every((name) => {
    const stored = digest.stream(name);
    return stored.bytes === report[name].bytes && stored.sha256 === report[name].sha256;
  });
}

/** Gap records say already what is missing. */
function isAccounted(log: LogKeeper, report: AgentReport | null): boolean {
  return report !== null && log.hasLoss && standsAt(log, report);
}

function standsAt({ position }: LogKeeper, { sequence, stdout, stderr }: AgentReport): boolean {
  return (
    position.sequence === sequence &&
    position.stdoutBytes === stdout.bytes &&
    position.stderrBytes === stderr.bytes
  );
}
