import type { AttemptObserver } from "@keruta/runner/stages";
import type { WorkerReport } from "@keruta/server/worker";
import type { Text } from "@keruta/shared/domain";
import type { Claim, Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { jsonWords } from "./json-words.ts";
import { textWords } from "./text-words.ts";
import type { WorkerCommandOptions } from "./worker.ts";
import type { WorkerWords } from "./worker-words.ts";

export interface Report extends WorkerReport {
  /** What the runner tells of one attempt; its log goes to the queue only. */
  observe(claim: Claim): AttemptObserver;
  flush(): Promise<void>;
}

export interface ReportOptions {
  readonly context: Context;
  readonly queue: Queue;
  readonly format: WorkerCommandOptions["format"];
  readonly place: () => Text | null;
}

/** Says in order what the worker does; the worker never waits for whoever reads it. */
export function createReport(options: ReportOptions): Report {
  const words: WorkerWords = options.format === "text" ? textWords(options) : jsonWords(options);
  let written: Promise<void> = Promise.resolve();
  const say = (write: () => Promise<void>) => {
    // A terminal that was closed, or a log on a full disk, ends the talking and not the work.
    written = written.then(write).catch(() => undefined);
  };
  return {
    ready: (concurrency) => say(() => words.ready(concurrency)),
    started: (claim) => say(() => words.started(claim)),
    ended: (claim, outcome) => say(() => words.ended(claim, outcome)),
    failed: (claim, error, milliseconds) => say(() => words.failed(claim, error, milliseconds)),
    away: (what, error) => say(() => words.away(what, error)),
    back: (what) => say(() => words.back(what)),
    draining: (live) => say(() => words.draining(live)),
    handingOver: (live) => say(() => words.handingOver(live)),
    observe(claim) {
      let said = "";
      return {
        phase: () => undefined,
        entries: async () => undefined,
        artifacts: () => undefined,
        // The worker itself tells of it, once for all of its attempts.
        outage: () => undefined,
        notice(text) {
          // What is tried again and again is told once.
          if (text.en !== said) say(() => words.notice(claim, text));
          said = text.en;
        },
      };
    },
    flush: () => written,
  };
}
