import {
  isKerutaError,
  type AgentReport,
  type LineLevels,
  type LogEntry,
  type LogSummary,
} from "@keruta/shared/domain";
import type { LogKeeper } from "./log-keeper.ts";

export interface CompleteLogOptions {
  readonly log: LogKeeper;
  /** null where the agent was killed: what it had not passed on is not known. */
  readonly report: AgentReport | null;
  readonly readSpool: (afterSequence: number) => AsyncIterable<readonly LogEntry[]>;
  readonly levelOf: LineLevels;
  readonly clock: () => number;
}

/**
 * Brings the stored log to the attempt's end: what is missing comes from the spool, what cannot be had becomes a
 * gap entry, and bytes and digest are held against the agent's report.
 */
export async function completeLog(options: CompleteLogOptions): Promise<LogSummary> {
  const { log, report } = options;
  for (let round = 1; ; round += 1) {
    if (!agrees(log, report)) await log.catchUp();
    try {
      if (!agrees(log, report)) await storeSpool(options);
      if (agrees(log, report)) return log.summary(true);
      await storeGap(options);
      return log.summary(false);
    } catch (error) {
      // The agent, or its last request, brought entries in between: they are taken in first.
      if (!isKerutaError(error, "KRT_USAGE") || round === maxRounds) throw error;
    }
  }
}

const maxRounds = 5;

async function storeGap({ log, report, clock }: CompleteLogOptions): Promise<void> {
  const { sequence, stdoutBytes, stderrBytes } = log.position;
  await log.store([
    {
      kind: "gap",
      sequence: sequence + 1,
      lastSequence: Math.max(sequence + 1, report?.sequence ?? 0),
      time: clock(),
      stdoutBytes: report && report.stdout.bytes - stdoutBytes,
      stderrBytes: report && report.stderr.bytes - stderrBytes,
      why: report ? whyMissing(report) : "the agent was killed; output that it had not passed on is lost",
    },
  ]);
}

/** Stores, and shows, what the spool has after the log's position. */
export async function storeSpool({
  log,
  readSpool,
  levelOf,
}: Pick<CompleteLogOptions, "log" | "readSpool" | "levelOf">): Promise<void> {
  for await (const entries of readSpool(log.position.sequence)) {
    await log.store(
      entries.map((entry) => (entry.kind === "output" ? { ...entry, level: levelOf(entry) } : entry)),
    );
  }
}

function whyMissing(report: AgentReport): string {
  return report.spoolComplete
    ? "the log does not agree with the agent's digest"
    : "the stream was cut and the spool had reached its bound";
}

function agrees(log: LogKeeper, report: AgentReport | null): boolean {
  if (!report) return false;
  const streams = ["stdout", "stderr"] as const;
  return streams.every((name) => {
    const stored = log.digest.stream(name);
    return stored.bytes === report[name].bytes && stored.sha256 === report[name].sha256;
  });
}
