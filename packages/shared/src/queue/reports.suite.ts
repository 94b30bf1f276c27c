import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AgentReport } from "../domain/agent/protocol.ts";
import { agentReport } from "../domain/agent/report.fixture.ts";
import type { LogEntry } from "../domain/log/entry.ts";
import { attemptNotFound } from "../domain/task/attempt-not-found.ts";
import type { Claim } from "./queue.ts";
import {
  claimed,
  line,
  newTask,
  resultOf,
  textOf,
  type OpenStoreHarness,
  type StoreHarness,
} from "./queue.harness.ts";
import { createLevelDetector } from "../domain/log/level.ts";
import type { JudgeLog } from "./reports.ts";
import { digestOf } from "./secret.ts";

const judge: JudgeLog = { detect: createLevelDetector(), dropDebug: false };

/** What the agent of the task's attempt left: it ended with 7. */
export const reportOf = (taskId: string, change: Partial<AgentReport> = {}): AgentReport =>
  agentReport({ taskId, exitCode: 7, sequence: 0, message: "日本語", ...change });

const file = { path: "out/a", bytes: 1, sha256: "ab".repeat(32), skipped: null };
const summary = { status: "Collected", files: 1, bytes: 1, message: "" } as const;

/** What agents report, whatever it is kept in. */
export function describeReports(name: string, open: OpenStoreHarness): void {
  describe(`${name}: reports`, () => {
    let harness: StoreHarness;
    let claim: Claim;
    let of: { taskId: string; number: number };
    beforeEach(async () => {
      harness = await open();
      await harness.queue.addTask(newTask());
      claim = await claimed(harness.queue, harness.world.holder(1));
      of = { taskId: claim.task.id, number: 1 };
    });
    afterEach(() => harness.dispose());

    const said = () => harness.queue.attemptReport(of.taskId, 1);

    test("what an agent says is kept: the first start, the last life, the first result", async () => {
      const { reports, world } = harness;
      expect(await said()).toBeNull();
      await reports.recordStart(of, "2026-01-01T00:00:00.500Z");
      await reports.recordStart(of, "2026-01-01T00:00:09.000Z");
      world.now += 15_000;
      await reports.recordHeartbeat(of);
      const known = { heardAt: "2026-01-01T00:00:15.000Z", startedAt: "2026-01-01T00:00:00.500Z" };
      expect(await said()).toEqual({ ...known, result: null, artifacts: null });
      const report = reportOf(of.taskId);
      await reports.recordResult(of, report);
      await reports.recordResult(of, report);
      const other = reports.recordResult(of, { ...report, exitCode: 0 });
      await expect(other).rejects.toMatchObject({ code: "KRT_STATUS_CONFLICT" });
      expect((await said())?.result).toEqual(report);
    });

    test("log entries are stored once, whoever brings them, and a hole is told with the position", async () => {
      const { reports, queue } = harness;
      expect(await reports.logPosition(of)).toMatchObject({ sequence: 0 });
      await reports.appendLog(of, [line(1, "a"), line(2, "b")], judge);
      await queue.appendLog(claim.lease, [line(1, "a"), line(2, "b"), line(3, "c")]);
      expect(await reports.appendLog(of, [line(2, "b"), line(3, "c"), line(4, "d")], judge)).toEqual({
        sequence: 4,
        stdoutBytes: 8,
        stderrBytes: 0,
      });
      const hole = reports.appendLog(of, [line(9, "z")], judge);
      await expect(hole).rejects.toMatchObject({ code: "KRT_LOG_POSITION", details: { sequence: 4 } });
      expect(await textOf(queue, { taskId: of.taskId, attempt: 1 })).toBe("a\nb\nc\nd\n");
    });

    test("a line has the level of its beginning, whoever brought that and however long before", async () => {
      const { reports, queue } = harness;
      const part = (sequence: number, text: string, stream: "stdout" | "stderr" = "stdout") =>
        line(sequence, text, { newline: false, stream });
      await reports.appendLog(of, [part(1, "ERROR: begun ")], judge);
      // Blocks of the other stream lie between.
      for (let n = 0; n < 60; n += 1)
        await queue.appendLog(claim.lease, [line(n + 2, "x".repeat(7000), { stream: "stderr" })]);
      await reports.appendLog(of, [line(62, "and DEBUG: ended")], judge);
      expect(await textOf(queue, { taskId: of.taskId, attempt: 1, level: "ERROR" })).toBe(
        "ERROR: begun and DEBUG: ended\n",
      );
    });

    test("DEBUG lines are dropped where they are to be, over several reports, and the position is right", async () => {
      const { reports, queue } = harness;
      const drop = { ...judge, dropDebug: true };
      await reports.appendLog(of, [line(1, "a"), line(2, "DEBUG: be", { newline: false })], drop);
      await reports.appendLog(of, [line(3, "E", { stream: "stderr" })], drop);
      const position = await reports.appendLog(
        of,
        [line(2, "DEBUG: be", { newline: false }), line(4, "gun"), line(5, "DEBUG: x"), line(6, "b")].filter(
          ({ sequence }) => sequence > 3,
        ),
        drop,
      );
      expect(position).toEqual({ sequence: 6, stdoutBytes: 26, stderrBytes: 2 });
      expect(await textOf(queue, { taskId: of.taskId, attempt: 1, stream: "stdout" })).toBe("a\nb\n");
      const entries: LogEntry[] = [];
      for await (const entry of queue.readLog({ taskId: of.taskId, attempt: 1 })) entries.push(entry);
      expect(entries.filter(({ kind }) => kind === "gap")).toMatchObject([
        { sequence: 2, lastSequence: 2, stdoutBytes: 9, reason: "debug-dropped", unfinished: ["stdout"] },
        { sequence: 4, lastSequence: 5, stdoutBytes: 13, reason: "debug-dropped" },
      ]);
    });

    test("both bring the same log at once, and it is there once", async () => {
      const { reports, queue } = harness;
      const entries = Array.from({ length: 60 }, (_, index) => line(index + 1, String(index + 1)));
      const inPieces = async (append: (piece: typeof entries) => Promise<unknown>, size: number) => {
        for (let from = 0; from < entries.length; from += size) await append(entries.slice(0, from + size));
      };
      await Promise.all([
        inPieces((piece) => reports.appendLog(of, piece, judge), 7),
        inPieces((piece) => queue.appendLog(claim.lease, piece), 11),
      ]);
      const text = await textOf(queue, { taskId: of.taskId, attempt: 1 });
      expect(text).toBe(entries.map(({ sequence }) => `${String(sequence)}\n`).join(""));
    });

    test("progress that comes late or again changes nothing and makes no event", async () => {
      const { reports, queue } = harness;
      await reports.recordProgress(of, { percent: 40, message: "b" }, 5);
      await reports.recordProgress(of, { percent: 10, message: "a" }, 3);
      await reports.recordProgress(of, { percent: 40, message: "b" }, 6);
      expect((await queue.getTask(of.taskId))?.progress).toEqual({ percent: 40, message: "b" });
      const events = await queue.readEvents({ after: 0, taskId: of.taskId });
      expect(events.filter(({ type }) => type === "Progress")).toHaveLength(1);
    });

    test("artifacts that were uploaded are listed with their summary, and the first upload stands", async () => {
      const { reports, queue } = harness;
      expect(await reports.recordArtifacts(of, [file], summary)).toEqual(summary);
      const other = { ...summary, status: "Failed", files: 0 } as const;
      expect(await reports.recordArtifacts(of, [], other)).toEqual(summary);
      expect((await said())?.artifacts).toEqual(summary);
      expect(await queue.listArtifacts(of.taskId, 1)).toEqual([file]);
    });

    test("an attempt that is settled or unknown takes no report", async () => {
      const { reports, queue } = harness;
      const all: ((key: typeof of) => Promise<unknown>)[] = [
        (key) => reports.recordHeartbeat(key),
        (key) => reports.recordStart(key, "2026-01-01T00:00:00.000Z"),
        (key) => reports.recordProgress(key, { percent: 1, message: "" }, 1),
        (key) => reports.appendLog(key, [line(1, "a")], judge),
        (key) => reports.logPosition(key),
        (key) => reports.recordResult(key, reportOf(of.taskId)),
        (key) => reports.recordArtifacts(key, [file], summary),
        (key) => reports.tradeToken(key, "x"),
      ];
      const { code, hint } = attemptNotFound(of.taskId, 2);
      for (const call of all) {
        await expect(call({ ...of, number: 2 })).rejects.toMatchObject({ code, hint });
      }
      await queue.settle(claim.lease, resultOf(), null);
      for (const call of all) await expect(call(of)).rejects.toMatchObject({ code: "KRT_ATTEMPT_SETTLED" });
      expect(await said()).toBeNull();
      expect(await textOf(queue, { taskId: of.taskId, attempt: 1 })).toBe("");
      expect(await queue.listArtifacts(of.taskId, 1)).toEqual([]);
    });

    test("an attempt has one token at a time, which is worth nothing once it is settled", async () => {
      const { queue, accounts } = harness;
      const first = await queue.makeAgentToken(claim.lease);
      const second = await queue.makeAgentToken(claim.lease);
      expect(await accounts.findToken(digestOf(first))).toBeUndefined();
      expect(await accounts.findToken(digestOf(second))).toMatchObject({ role: "agent", attempt: of });
      const stale = queue.makeAgentToken({ ...claim.lease, token: "another" });
      await expect(stale).rejects.toMatchObject({ code: "KRT_LEASE_LOST" });
      await queue.settle(claim.lease, resultOf(), null);
      expect(await accounts.findToken(digestOf(second))).toBeUndefined();
    });

    test("a token is traded again only while nobody has used it", async () => {
      const { reports, accounts } = harness;
      const lost = await reports.tradeToken(of, "token:pods");
      const got = await reports.tradeToken(of, "token:pods");
      expect(await accounts.findToken(digestOf(lost))).toBeUndefined();
      expect(await accounts.findToken(digestOf(got))).toMatchObject({ attempt: of });
      const again = reports.tradeToken(of, "token:pods");
      await expect(again).rejects.toMatchObject({ code: "KRT_STATUS_CONFLICT" });
    });

    test("abandoned is what has a result and a lease that ran out long enough ago", async () => {
      const { reports, world, queue } = harness;
      const report = reportOf(of.taskId);
      await reports.recordResult(of, report);
      expect(await reports.listAbandoned(90_000)).toEqual([]);
      world.now += 60_000 + 89_999;
      expect(await reports.listAbandoned(90_000)).toEqual([]);
      world.now += 1;
      expect(await reports.listAbandoned(90_000)).toEqual([{ ...of, report, artifacts: null }]);
      await reports.recordArtifacts(of, [file], summary);
      expect(await reports.listAbandoned(90_000)).toEqual([{ ...of, report, artifacts: summary }]);
      await queue.settle(claim.lease, resultOf(), null);
      expect(await reports.listAbandoned(90_000)).toEqual([]);
    });
  });
}
