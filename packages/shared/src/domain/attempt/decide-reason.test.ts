import { describe, expect, test } from "vitest";
import type { AgentReport } from "../agent/protocol.ts";
import { agentReport } from "../agent/report.fixture.ts";
import { exitCodeOf } from "../exit-code.ts";
import type { TaskStatus } from "../task/status.ts";
import { decideReason, type EndEvidence } from "./decide-reason.ts";
import { isRetryable, type Category, type Reason } from "./reason.ts";

const report = agentReport();
const evidence: EndEvidence = {
  report,
  preparation: null,
  cancelled: false,
  artifactsMissing: null,
  agentEnd: null,
};
const end = (change: Partial<AgentReport>, other: Partial<EndEvidence> = {}): EndEvidence => ({
  ...evidence,
  report: { ...report, ...change },
  ...other,
});
const cloneFailed = { reason: "CloneFailed", category: "start", message: "fatal: no route" } as const;

type Row = readonly [string, EndEvidence, Reason, Category, number | null, number];

const rows: readonly Row[] = [
  ["exit 0", end({}), "Completed", "command", 0, 0],
  ["exit 1", end({ exitCode: 1 }), "Error", "command", 1, 1],
  ["exit 123, which is keruta's of other tools", end({ exitCode: 123 }), "Error", "command", 123, 123],
  ["exit 255", end({ exitCode: 255 }), "Error", "command", 255, 255],
  ["the command's own 125", end({ exitCode: 125 }), "Error", "command", 125, 125],
  ["the command's own 127", end({ exitCode: 127 }), "Error", "command", 127, 127],
  ["killed by SEGV", end({ exitCode: null, signal: "SIGSEGV" }), "Error", "command", 139, 139],
  ["killed by KILL", end({ exitCode: null, signal: "SIGKILL" }), "Error", "command", 137, 137],
  [
    "our own stop, though the command then ended with 0",
    end({ stopped: "cancel" }),
    "Cancelled",
    "user",
    0,
    130,
  ],
  [
    "a cancel before the start",
    { ...evidence, report: null, cancelled: true },
    "Cancelled",
    "user",
    null,
    130,
  ],
  ["timed out, though the command ended with 0", end({ timedOut: true }), "TimedOut", "command", 0, 124],
  [
    "the driver's death while it ran, whatever its exit code",
    end({ stopped: "driver-lost" }),
    "DriverLost",
    "infrastructure",
    0,
    125,
  ],
  [
    "required artifacts that are missing",
    end({}, { artifactsMissing: "out/** matched nothing" }),
    "ArtifactsMissing",
    "command",
    0,
    125,
  ],
  [
    "artifacts missing after a failure: the failure",
    end({ exitCode: 3 }, { artifactsMissing: "none" }),
    "Error",
    "command",
    3,
    3,
  ],
  ["exit 0 though a child was OOM-killed", end({ oomKills: 1 }), "Completed", "command", 0, 0],
  ["exit 1 after an OOM kill", end({ exitCode: 1, oomKills: 1 }), "OOMKilled", "command", 1, 1],
  [
    "SIGKILL by OOM",
    end({ exitCode: null, signal: "SIGKILL", oomKills: 1 }),
    "OOMKilled",
    "command",
    137,
    137,
  ],
  [
    "no such program",
    end({ exitCode: null, startError: "not-found" }),
    "CommandNotFound",
    "task-definition",
    null,
    127,
  ],
  [
    "no execute bit",
    end({ exitCode: null, startError: "not-executable" }),
    "CommandNotExecutable",
    "task-definition",
    null,
    126,
  ],
  [
    "no working directory",
    end({ exitCode: null, startError: "failed" }),
    "ContainerConfigError",
    "task-definition",
    null,
    125,
  ],
  ["restarts used up", end({ exitCode: 4, restarts: 5 }), "CrashLoopBackOff", "command", 4, 4],
  ["success after a restart", end({ restarts: 2 }), "Completed", "command", 0, 0],
  [
    "a clone that failed",
    { ...evidence, report: null, preparation: cloneFailed },
    "CloneFailed",
    "start",
    null,
    125,
  ],
  ["no word of anyone", { ...evidence, report: null }, "DriverLost", "infrastructure", null, 125],
];

describe("decideReason", () => {
  test.each(rows)("%s", (_name, given, reason, category, exitCode, submitExit) => {
    const ending = decideReason(given);
    expect(ending).toMatchObject({ reason, category, exitCode });
    const status: TaskStatus =
      reason === "Completed" ? "COMPLETED" : reason === "Cancelled" ? "CANCELLED" : "FAILED";
    expect(exitCodeOf(status, ending)).toBe(submitExit);
  });

  test("warns of an OOM kill that the command survived", () => {
    expect(decideReason(end({ oomKills: 2 })).message).toContain("lack of memory");
  });

  test("only infrastructure and start are retryable", () => {
    const retryable = rows.map(([, given]) => decideReason(given).category).filter(isRetryable);
    expect(new Set(retryable)).toEqual(new Set(["infrastructure", "start"]));
  });
});
