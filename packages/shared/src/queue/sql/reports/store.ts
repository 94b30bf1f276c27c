import type { ReportStore } from "../../reports.ts";
import type { Context } from "../context.ts";
import type { Store } from "../queue.ts";
import { listAbandoned } from "./abandoned.ts";
import {
  appendReportedLog,
  recordHeartbeat,
  recordReportedProgress,
  recordReportedResult,
  recordStart,
  recordUploadedArtifacts,
  reportedPosition,
} from "./record.ts";
import { tradeToken } from "./token.ts";

/** Reports of agents over any SQL database. */
export function createSqlReports({ read, write }: Store, context: Context): ReportStore {
  return {
    recordHeartbeat: (of) => write(() => recordHeartbeat(of, context), undefined, "vital"),
    recordStart: (of, startedAt) => write(() => recordStart(of, startedAt, context), undefined, "vital"),
    recordProgress: (of, progress, sequence) =>
      write(() => recordReportedProgress(of, progress, sequence, context)),
    appendLog: (of, entries, how) => write(() => appendReportedLog(of, entries, how, context), "log"),
    // It locks the attempt, which a transaction that only reads may not.
    logPosition: (of) => write(() => reportedPosition(of), undefined, "vital"),
    recordResult: (of, report) => write(() => recordReportedResult(of, report, context), undefined, "vital"),
    recordArtifacts: (of, files, summary) =>
      write(() => recordUploadedArtifacts(of, files, summary, context), undefined, "vital"),
    tradeToken: (of, by) => write(() => tradeToken(of, by, context)),
    listAbandoned: (graceMilliseconds) => read(() => listAbandoned(graceMilliseconds, context)),
  };
}
