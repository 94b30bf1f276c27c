import { apiVersion, isKerutaError } from "@keruta/shared/domain";
import { holderName, type Claim } from "@keruta/shared/queue";
import { writeDocument } from "../../output/document.ts";
import type { ReportOptions } from "./report.ts";
import type { WorkerWords } from "./worker-words.ts";

/** One JSON document a line on stdout. */
export function jsonWords({ context, queue, place }: ReportOptions): WorkerWords {
  const { io, clock, machine, language } = context;
  const write = (type: string, claim: Claim | null, data: object) =>
    writeDocument(io.stdout, "jsonl", {
      apiVersion,
      kind: "WorkerEvent",
      type,
      time: new Date(clock()).toISOString(),
      taskId: claim?.task.id ?? null,
      attempt: claim?.lease.attempt ?? null,
      data,
    });
  return {
    ready: (concurrency) =>
      write("Ready", null, {
        worker: holderName(machine.processes.self),
        queue: queue.name,
        place: place()?.[language] ?? null,
        concurrency,
      }),
    started: (claim) =>
      write("AttemptStarted", claim, { title: claim.task.title, takenOver: claim.takenOver }),
    ended: (claim, outcome) => {
      if (outcome.kind !== "settled") return write("AttemptLeft", claim, { why: outcome.kind });
      const { status, attempt } = outcome.task;
      const { exitCode = null, reason = null, message = "" } = attempt ?? {};
      return write("AttemptEnded", claim, { status, reason, exitCode, message });
    },
    failed: (claim, error, milliseconds) =>
      write("AttemptNotDriven", claim, { ...errorOf(error), handedBackInSeconds: milliseconds / 1000 }),
    notice: (claim, text) => write("Notice", claim, { message: text[language] }),
    away: (what, error) => write("Away", null, { what, ...errorOf(error) }),
    back: (what) => write("Back", null, { what }),
    draining: (live) => write("Draining", null, { live }),
    handingOver: (live) => write("HandingOver", null, { live }),
  };
}

function errorOf(error: unknown): { code: string; message: string } {
  if (isKerutaError(error)) return { code: error.code, message: error.message };
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "KRT_INTERNAL", message: trace };
}
