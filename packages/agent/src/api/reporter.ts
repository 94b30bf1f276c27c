import { setTimeout as sleep } from "node:timers/promises";
import type { AgentReport } from "@keruta/shared/domain";
import type { Host } from "../host/host.ts";
import type { AttemptApi, ToldProgress } from "./attempt-api.ts";
import { backoff } from "./backoff.ts";
import { heartbeatInterval, nextReport, type ReportKind } from "./next-report.ts";
import { refusalOf } from "./refusal.ts";
import type { SpoolReader } from "./spool-reader.ts";

/** Tells the server, one request at a time, and never in the command's way: nothing here is waited for until `finish`. */
export interface Reporter {
  started(time: number): void;
  /** Only the last one is kept. */
  progress(progress: ToldProgress): void;
  /** Waits until all is told, or for so many milliseconds; what was not told then, or null. */
  finish(report: AgentReport, milliseconds: number): Promise<string | null>;
  /** Why the server takes no more reports; null while it may. */
  readonly problem: string | null;
}

export interface ReporterDeps {
  readonly api: AttemptApi;
  readonly spool: SpoolReader;
  /** Of the last log entry that there is. */
  readonly sequence: () => number;
  readonly host: Pick<Host, "clock" | "random">;
}

/** What comes within it goes in one request. */
const interval = 1_000;
/** At the end there is little time, and no crowd: the others' commands run on. */
const longestWaitAtEnd = 1_000;

export function createReporter({ api, spool, sequence, host }: ReporterDeps): Reporter {
  const { clock, random } = host;
  let startedAt: number | null = null;
  let progress: ToldProgress | null = null;
  let result: AgentReport | null = null;
  let isConnected = false;
  let stored = 0;
  let isLogOver = false;
  let logDueAt = 0;
  let progressDueAt = 0;
  let heardAt = clock();
  let isEnding = false;
  let problem: string | null = null;
  let lastError: string | null = null;
  const stop = new AbortController();
  const ending = new AbortController();
  let wake = new AbortController();

  const untoldLog = () => !isLogOver && sequence() > stored;
  const next = (): ReportKind | null =>
    nextReport({
      isConnected,
      start: startedAt !== null,
      result: result !== null,
      progress: progress !== null && (isEnding || clock() >= progressDueAt),
      log: untoldLog() && (isEnding || clock() >= logDueAt),
      silence: isEnding ? 0 : clock() - heardAt,
    });

  /** False where nothing had to be asked. */
  const tell = async (kind: ReportKind): Promise<boolean> => {
    const { signal } = stop;
    switch (kind) {
      case "connect":
        stored = await api.connect(signal);
        isConnected = true;
        return true;
      case "start":
        if (startedAt !== null) await api.start(startedAt, signal);
        startedAt = null;
        return true;
      case "progress": {
        const told = progress;
        if (told) await api.progress(told, signal);
        progressDueAt = clock() + interval;
        if (progress === told) progress = null;
        return true;
      }
      case "result":
        if (result) await api.result(result, signal);
        result = null;
        return true;
      case "log": {
        const { frames, isOver } = await spool.after(stored);
        logDueAt = clock() + interval;
        isLogOver = isOver || (isEnding && frames.length === 0);
        if (frames.length > 0) stored = await api.log(frames, signal);
        // Nothing was asked, so nothing was answered.
        return frames.length > 0;
      }
      case "heartbeat":
        await api.heartbeat(signal);
        return true;
    }
  };
  const drop = (kind: ReportKind): void => {
    if (kind === "start") startedAt = null;
    if (kind === "progress") progress = null;
    if (kind === "result") result = null;
    if (kind === "log") isLogOver = true;
    if (kind === "connect") problem = lastError;
  };
  const rest = async (milliseconds: number, ...until: readonly AbortSignal[]): Promise<void> => {
    const signal = AbortSignal.any([stop.signal, ...(isEnding ? [] : [ending.signal]), ...until]);
    // Aborted: there is something to tell, or no time.
    await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stop.signal.aborted && problem === null) {
      const kind = next();
      if (kind === null) {
        if (isEnding) return;
        await rest(interval, wake.signal);
        if (wake.signal.aborted) wake = new AbortController();
        continue;
      }
      try {
        if (await tell(kind)) heardAt = clock();
        failures = 0;
        lastError = null;
      } catch (error) {
        if (stop.signal.aborted) return;
        lastError = error instanceof Error ? error.message : String(error);
        const refusal = refusalOf(error);
        if (refusal.kind === "over") problem = lastError;
        else if (refusal.kind === "dropped") drop(kind);
        else if (refusal.kind === "position") {
          // What it wants comes from the spool, or from nowhere.
          isLogOver = refusal.sequence === stored;
          stored = refusal.sequence;
        } else {
          const most = isEnding ? longestWaitAtEnd : heartbeatInterval * 2;
          await rest(Math.max(refusal.retryAfter, backoff(failures, random, most)));
          failures = isEnding ? 0 : failures + 1;
        }
      }
    }
  };
  const running = run();

  return {
    started(time) {
      startedAt ??= time;
      wake.abort();
    },
    progress(told) {
      progress = told;
    },
    async finish(report, milliseconds) {
      result = report;
      isEnding = true;
      ending.abort();
      const timer = setTimeout(() => stop.abort(), milliseconds);
      await running;
      clearTimeout(timer);
      const isTold = result === null && !untoldLog();
      return isTold ? null : (problem ?? lastError ?? "the time was up");
    },
    get problem() {
      return problem;
    },
  };
}
