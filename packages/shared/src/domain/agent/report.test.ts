import fc from "fast-check";
import { expect, test } from "vitest";
import type { AgentReport } from "./protocol.ts";
import { agentReport } from "./report.fixture.ts";
import { isAgentReport } from "./report.ts";

const sha256 = "0".repeat(64);
const report = agentReport({ stdout: { bytes: 5, sha256 } });
const names = Object.keys(report) as (keyof AgentReport)[];

test.each<Partial<AgentReport>>([
  {},
  { exitCode: 255 },
  { exitCode: null, signal: "SIGSTKFLT", stopped: "driver-lost" },
  { exitCode: 3, stopped: "signal" },
  { stopped: "other-signal" },
  { exitCode: null, startError: "not-found", message: "日本語\0".repeat(400) },
  { timedOut: true, restarts: 3, oomKills: 2, peakMemoryBytes: Number.MAX_SAFE_INTEGER },
])("what an agent writes is a report: %o", (change) => {
  expect(isAgentReport({ ...report, ...change })).toBe(true);
});

test.each(names)("a report without %s is none", (name) => {
  const { [name]: _, ...rest } = report;
  expect(isAgentReport(rest)).toBe(false);
});

test.each<[keyof AgentReport, unknown]>([
  ["exitCode", 256],
  ["exitCode", -1],
  ["exitCode", 1.5],
  ["signal", "__proto__"],
  ["signal", `SIG${"A".repeat(30)}`],
  ["startError", "toString"],
  ["restarts", -1],
  ["startedAt", "yesterday"],
  ["finishedAt", `2026-11-22T08:00:00Z${" ".repeat(100)}`],
  ["finishedAt", 0],
  ["stdout", { bytes: -1, sha256 }],
  ["stdout", { bytes: 1, sha256: "0".repeat(65) }],
  ["stderr", [1, sha256]],
  ["sequence", 2 ** 53],
  ["peakMemoryBytes", 0.5],
  ["message", "x".repeat(2049)],
])("nor is one with %s %j", (name, value) => {
  expect(isAgentReport({ ...report, [name]: value })).toBe(false);
});

test("a field of another kind makes a value none, whichever it is", () => {
  const misplaced = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));
  fc.assert(
    fc.property(fc.constantFrom(...names), misplaced, (name, value) => {
      expect(isAgentReport({ ...report, [name]: value })).toBe(false);
    }),
  );
});

test.each([undefined, null, 1, "report", [], [report], {}])("%j is none", (value) => {
  expect(isAgentReport(value)).toBe(false);
});
