import type { Queue } from "@keruta/shared/queue";
import { defaultRunner } from "../../driving/choose-runner.ts";
import { claimDriver } from "../../driving/drive-claim.ts";
import { createWatcher } from "../../driving/create-watcher.ts";
import { runToEnd, type RunToEnd } from "../../driving/run-to-end.ts";
import { checkOptions } from "./check-options.ts";
import { chooseDriver } from "./choose-driver.ts";
import { closeSubmit } from "./close-submit.ts";
import { checkWritable, writeIdFile } from "./files.ts";
import { findTask, type Found } from "./find-task.ts";
import { sayEmpty } from "./say-empty.ts";
import type { SubmitOptions } from "./submit.ts";

/** Gets one task, sees it to its end, and exits with its code. */
export async function runSubmit(options: SubmitOptions): Promise<void> {
  const { context, source, emptyExitCode, idFile, dryRun } = options;
  if (dryRun) {
    const { runRender } = await import("../render/run-render.ts");
    await runRender({ context, source, runner: options.runner, ...dryRun });
    return;
  }
  checkOptions(options);
  for (const file of [idFile, options.resultFile]) if (file !== undefined) await checkWritable(context, file);
  const queue = await context.openQueue();
  const driver = await chooseDriver(options, queue);
  const named = idFile === undefined ? undefined : (id: string) => writeIdFile(context, idFile, id);
  const found = await findTask({ ...options, queue, driver, named });
  if (!found) {
    await sayEmpty(context, queue, defaultRunner(await context.settings()));
    context.exitCode = emptyExitCode;
    return;
  }
  await context.explain({ en: `task ${found.task.id}`, ja: `タスク ${found.task.id}` });
  await closeSubmit(options, queue, await follow(options, queue, found));
}

async function follow(options: SubmitOptions, queue: Queue, found: Found): Promise<RunToEnd> {
  const { context, source, format } = options;
  const { task, claim, ability } = found;
  const watcher = await createWatcher(context, queue, format);
  return await runToEnd({
    context,
    queue,
    watcher,
    taskId: task.id,
    claim,
    terms: ability?.terms ?? null,
    // A task of the queue is not this person's to cancel: it is handed back.
    onInterrupt: options.onInterrupt ?? (source.kind === "next" ? "detach" : "cancel"),
    leaveAtOnce: options.detach,
    drive: claimDriver({ context, queue, watcher, connection: ability?.connection ?? null }),
  });
}
