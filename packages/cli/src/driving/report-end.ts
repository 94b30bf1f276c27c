import { exitCodeOf, exitCodes, isTerminal, simpleExitCode, taskJson } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";
import { writeDocument } from "../output/document.ts";
import type { DriveFormat } from "./create-watcher.ts";
import { lastWords } from "./last-words.ts";
import type { RunToEnd } from "./run-to-end.ts";

export interface ReportEndOptions {
  readonly context: Context;
  readonly end: RunToEnd;
  readonly format: DriveFormat;
  readonly simple: boolean;
}

/** The last line, the one document of `-o json`, and the exit code: all from the stored result. */
export async function reportEnd({ context, end, format, simple }: ReportEndOptions): Promise<void> {
  const { task } = end;
  const code = isTerminal(task.status) ? exitCodeOf(task.status, task.attempt) : exitCodes.cancelled;
  // First, since the reader of what follows may have gone away.
  context.exitCode = simple ? simpleExitCode(code) : code;
  if (format === "json") await writeDocument(context.io.stdout, "json", taskJson(task));
  else if (task.status === "COMPLETED" || !isTerminal(task.status)) await context.notify(lastWords(task));
  else await context.complain(lastWords(task));
}
