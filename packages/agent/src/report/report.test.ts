import { describe, expect, test } from "vitest";
import type { CommandEnd } from "../command/supervise.ts";
import { exitCodeOf } from "./exit-code.ts";
import { readMemoryCounts } from "./memory.ts";
import { createReport, maxReportBytes, type ReportInput } from "./report.ts";

const end: CommandEnd = {
  exit: { exitCode: 1, signal: null },
  failure: null,
  restarts: 0,
  stopped: null,
  signalled: false,
  clean: true,
};
const digest = { bytes: Number.MAX_SAFE_INTEGER, sha256: "f".repeat(64) };
const input: ReportInput = {
  taskId: "t234567abc",
  end,
  startedAt: 0,
  finishedAt: 1,
  stdout: digest,
  stderr: digest,
  sequence: 1,
  spoolIncomplete: null,
  memoryBefore: { oomKills: 2, peakBytes: 10 },
  memoryAfter: { oomKills: 3, peakBytes: 20 },
  ownCgroup: true,
  leavesArtifacts: false,
  notes: [],
};

describe("a report", () => {
  test("counts the kernel's kills since the start, and leaves unknown numbers out", () => {
    expect(createReport(input)).toMatchObject({ oomKills: 1, peakMemoryBytes: 20 });
    const unknown = { oomKills: null, peakBytes: null };
    const report = createReport({ ...input, memoryBefore: unknown, memoryAfter: unknown });
    expect(report).toMatchObject({ oomKills: 0, peakMemoryBytes: null });
  });

  test("stays within 2 KiB, whatever there is to say", () => {
    for (const note of ["日本語".repeat(2_000), "\u0001".repeat(2_000), '"'.repeat(5_000)]) {
      const report = createReport({ ...input, spoolIncomplete: "it is full", notes: [note] });
      expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThanOrEqual(maxReportBytes);
      expect(report.message).not.toBe("");
    }
  });

  test("gives the exit code of what happened, a timeout before all", () => {
    expect(exitCodeOf(createReport({ ...input, end: { ...end, stopped: "timeout" } }))).toBe(124);
    expect(exitCodeOf(createReport({ ...input, end: { ...end, exit: null, stopped: "driver-lost" } }))).toBe(
      125,
    );
  });
});

describe("memory counts", () => {
  const reader = (files: Readonly<Record<string, string>>) => (path: string) => files[path];

  test("come from cgroup version 2", () => {
    const counts = readMemoryCounts(
      reader({
        "/proc/self/cgroup": "0::/a/b\n",
        "/sys/fs/cgroup/a/b/memory.events": "low 0\noom 4\noom_kill 3\noom_group_kill 0\n",
        "/sys/fs/cgroup/a/b/memory.peak": "12345\n",
      }),
    );
    expect(counts).toEqual({ oomKills: 3, peakBytes: 12_345 });
  });

  test("come from version 1 in a container, whose path is the host's", () => {
    const counts = readMemoryCounts(
      reader({
        "/proc/self/cgroup": "9:name=systemd:/x\n4:memory:/kubepods/pod1/c1\n0::/\n",
        "/sys/fs/cgroup/memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n",
        "/sys/fs/cgroup/memory/memory.max_usage_in_bytes": "99\n",
      }),
    );
    expect(counts).toEqual({ oomKills: 1, peakBytes: 99 });
  });

  test("are unknown where there is no controller", () => {
    expect(readMemoryCounts(reader({}))).toEqual({ oomKills: null, peakBytes: null });
  });
});
