import type { AgentReport } from "../../../domain/agent/protocol.ts";
import type { ArtifactSummary } from "../../../domain/attempt/attempt.ts";
import type { LogEntry } from "../../../domain/log/entry.ts";
import type { Progress } from "../../../domain/task/task.ts";
import type { ArtifactFile, LogPosition } from "../../queue.ts";
import type { AttemptKey, AttemptReport, JudgeLog } from "../../reports.ts";
import { replaceArtifacts } from "../artifacts.ts";
import type { Context } from "../context.ts";
import { logBehind, resultStands } from "../failures.ts";
import { writeProgress } from "../lease.ts";
import { appendJudged } from "../log-append.ts";
import { logPosition } from "../log-position.ts";
import { lockTask } from "../get.ts";
import { first, run, statement, type Program } from "../program.ts";
import type { ReportRow } from "../schema.ts";
import { isoTime, isoTimeOrNull, millisecondsOf } from "../time.ts";
import { openAttempt } from "./open-attempt.ts";

type Key = { task: string; number: number };

const selectReport = statement((db, p: Key) =>
  db.selectFrom("reports").selectAll().where("task_id", "=", p.task).where("attempt", "=", p.number),
);
const hear = statement((db, p: Key & { now: number }) =>
  db
    .insertInto("reports")
    .values({ task_id: p.task, attempt: p.number, heard_at: p.now, progress_sequence: 0 })
    .onConflict((conflict) => conflict.columns(["task_id", "attempt"]).doUpdateSet({ heard_at: p.now })),
);
const writeStart = statement((db, p: Key & { at: number }) =>
  db
    .updateTable("reports")
    .set({ started_at: p.at })
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.number)
    .where("started_at", "is", null),
);
const writeSequence = statement((db, p: Key & { sequence: number }) =>
  db
    .updateTable("reports")
    .set({ progress_sequence: p.sequence })
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.number),
);
const writeResult = statement((db, p: Key & { result: string }) =>
  db
    .updateTable("reports")
    .set({ result: p.result })
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.number),
);

const writeArtifacts = statement((db, p: Key & { artifacts: string }) =>
  db
    .updateTable("reports")
    .set({ artifacts: p.artifacts })
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.number),
);

/** The report's row as it was before; undefined at the first word. */
function* heard(of: AttemptKey, { clock }: Context): Program<ReportRow | undefined> {
  yield* openAttempt(of);
  const before = yield* first(selectReport(keyOf(of)));
  yield* run(hear({ ...keyOf(of), now: clock() }));
  return before;
}

export function* recordHeartbeat(of: AttemptKey, context: Context): Program<void> {
  yield* heard(of, context);
}

export function* recordStart(of: AttemptKey, startedAt: string, context: Context): Program<void> {
  yield* heard(of, context);
  yield* run(writeStart({ ...keyOf(of), at: millisecondsOf(startedAt) }));
}

/** The driver hears of it by the log too, and tells it first where it is quicker. */
export function* recordReportedProgress(
  of: AttemptKey,
  progress: Progress,
  sequence: number,
  context: Context,
): Program<void> {
  const before = yield* heard(of, context);
  if (sequence <= (before?.progress_sequence ?? 0)) return;
  yield* run(writeSequence({ ...keyOf(of), sequence }));
  const task = yield* lockTask(of.taskId);
  if (task.progress_percent === progress.percent && task.progress_message === progress.message) return;
  yield* writeProgress(of.taskId, of.number, progress, context);
}

export function* appendReportedLog(
  of: AttemptKey,
  entries: readonly LogEntry[],
  how: JudgeLog,
  context: Context,
): Program<LogPosition> {
  yield* heard(of, context);
  return yield* appendJudged(
    of.taskId,
    of.number,
    entries,
    how,
    (_found, expected) => logBehind(of, expected - 1),
    context,
  );
}

export function* reportedPosition(of: AttemptKey): Program<LogPosition> {
  yield* openAttempt(of);
  return yield* logPosition(of.taskId, of.number);
}

export function* recordReportedResult(of: AttemptKey, report: AgentReport, context: Context): Program<void> {
  const before = yield* heard(of, context);
  const result = JSON.stringify(report);
  if (before?.result === result) return;
  if (before?.result != null) throw resultStands(of);
  yield* run(writeResult({ ...keyOf(of), result }));
}

export function* recordUploadedArtifacts(
  of: AttemptKey,
  files: readonly ArtifactFile[],
  summary: ArtifactSummary,
  context: Context,
): Program<ArtifactSummary> {
  const before = yield* heard(of, context);
  if (before?.artifacts != null) return JSON.parse(before.artifacts) as ArtifactSummary;
  yield* replaceArtifacts(of.taskId, of.number, files);
  yield* run(writeArtifacts({ ...keyOf(of), artifacts: JSON.stringify(summary) }));
  return summary;
}

export function* attemptReport(of: AttemptKey): Program<AttemptReport | null> {
  const row = yield* first(selectReport(keyOf(of)));
  if (!row) return null;
  return {
    heardAt: isoTime(row.heard_at),
    startedAt: isoTimeOrNull(row.started_at),
    result: row.result === null ? null : (JSON.parse(row.result) as AgentReport),
    artifacts: row.artifacts === null ? null : (JSON.parse(row.artifacts) as ArtifactSummary),
  };
}

function keyOf({ taskId, number }: AttemptKey): Key {
  return { task: taskId, number };
}
