import { startErrors, stops, type AgentReport } from "./protocol.ts";

type Holds = (value: unknown) => boolean;

/** True for a value that is one in every field. It comes from inside a container, where the command may have written it. */
export function isAgentReport(value: unknown): value is AgentReport {
  return hasFields(value, fields);
}

const isBoolean: Holds = (value) => typeof value === "boolean";
const isCount: Holds = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isExitCode: Holds = (value) => isCount(value) && (value as number) <= 255;
const isTime: Holds = (value) => isShort(64)(value) && Number.isFinite(Date.parse(value as string));
const isDigest: Holds = (value) => hasFields(value, { bytes: isCount, sha256: matches(/^[0-9a-f]{64}$/) });

const fields: Readonly<Record<keyof AgentReport, Holds>> = {
  version: (value) => value === 1,
  taskId: isShort(64),
  exitCode: orNull(isExitCode),
  signal: orNull(matches(/^SIG[A-Z0-9]{1,29}$/)),
  startError: orNull(isOneOf(startErrors)),
  timedOut: isBoolean,
  stopped: orNull(isOneOf(stops)),
  restarts: isCount,
  startedAt: isTime,
  finishedAt: isTime,
  stdout: isDigest,
  stderr: isDigest,
  sequence: isCount,
  spoolComplete: isBoolean,
  leavesArtifacts: isBoolean,
  oomKills: isCount,
  peakMemoryBytes: orNull(isCount),
  message: isShort(2048),
};

function hasFields(value: unknown, wanted: Readonly<Record<string, Holds>>): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(wanted).every(([name, holds]) => holds((value as Record<string, unknown>)[name]));
}

function isShort(length: number): Holds {
  return (value) => typeof value === "string" && value.length <= length;
}

function matches(pattern: RegExp): Holds {
  return (value) => typeof value === "string" && pattern.test(value);
}

function isOneOf(words: readonly string[]): Holds {
  return (value) => typeof value === "string" && words.includes(value);
}

function orNull(holds: Holds): Holds {
  return (value) => value === null || holds(value);
}
