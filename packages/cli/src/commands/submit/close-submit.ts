import { isTerminal, taskJson, type Task } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import type { DriveFormat } from "../../driving/create-watcher.ts";
import { reportEnd } from "../../driving/report-end.ts";
import type { RunToEnd } from "../../driving/run-to-end.ts";
import { BrokenPipe } from "../../io/io.ts";
import { writeDocument } from "../../output/document.ts";
import { copyArtifacts, writeResult } from "./files.ts";
import type { SubmitOptions } from "./submit.ts";

export type CloseOptions = Pick<
  SubmitOptions,
  "context" | "format" | "detach" | "resultFile" | "artifactsDir" | "simpleExitCode"
>;

/** Each is done whatever became of the one before: a full disk hides neither how the task ended nor its code. */
export async function closeSubmit(options: CloseOptions, queue: Queue, end: RunToEnd): Promise<void> {
  const { context, format, resultFile, artifactsDir, simpleExitCode: simple } = options;
  const { task } = end;
  const isLeft = options.detach && !isTerminal(task.status);
  const steps = [
    async () => {
      if (resultFile !== undefined) await writeResult(context, resultFile, task);
    },
    () => (isLeft ? printLeft(context, task, format) : reportEnd({ context, end, format, simple })),
    async () => {
      if (artifactsDir !== undefined) await copyArtifacts(context, queue, task, artifactsDir);
    },
  ];
  const errors: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => errors.push(error));
  const [first] = errors;
  if (errors.length > 0) throw errors.find((error) => !(error instanceof BrokenPipe)) ?? first;
}

/** Which task was left to run on: its id for a person, what `-o` promises of stdout for a program. */
async function printLeft({ io }: Context, task: Task, format: DriveFormat): Promise<void> {
  switch (format) {
    case "text":
      return await io.stdout.write(`${task.id}\n`);
    case "json":
      return await writeDocument(io.stdout, "json", taskJson(task));
    case "jsonl":
      // Its events so far have been printed, and each names it.
      return;
  }
}
