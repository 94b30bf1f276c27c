import { isTerminal, type Task } from "@keruta/shared/domain";
import type { Claim, ClaimTerms, Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { chooseRunner, defaultRunner, noCluster } from "../../driving/choose-runner.ts";
import { claimDriver } from "../../driving/drive-claim.ts";
import { createWatcher } from "../../driving/create-watcher.ts";
import { reportEnd } from "../../driving/report-end.ts";
import { claimTerms, runToEnd } from "../../driving/run-to-end.ts";
import { getTask } from "../../tasks/resolve.ts";
import { alreadyEnded, cannotDetach, noWorker } from "./refusals.ts";
import { newTask } from "./new-task.ts";
import { sayEmpty } from "./say-empty.ts";
import type { SubmitOptions } from "./submit.ts";
import { copyArtifacts, writeIdFile, writeResult } from "./files.ts";

/** Gets one task, sees it to its end, and exits with its code. */
export async function runSubmit(options: SubmitOptions): Promise<void> {
  const { context, format, emptyExitCode } = options;
  const settings = await context.settings();
  const usual = defaultRunner(settings);
  const terms = claimTerms(context, ["local"], usual, options.runner);
  const queue = await context.openQueue();

  const found = await findTask(options, queue, terms);
  if (!found) {
    await sayEmpty(context, queue, usual);
    context.exitCode = emptyExitCode;
    return;
  }
  const { task, claim } = found;
  if (options.idFile !== undefined) await writeIdFile(context, options.idFile, task.id);
  await context.explain({ en: `task ${task.id}`, ja: `タスク ${task.id}` });

  const watcher = await createWatcher(context, queue, format);
  const end = await runToEnd({
    context,
    queue,
    watcher,
    taskId: task.id,
    claim,
    terms: options.driver === "worker" ? null : terms,
    onInterrupt: options.onInterrupt,
    drive: claimDriver({ context, queue, watcher }),
  });
  if (options.artifactsDir !== undefined) await copyArtifacts(context, queue, end.task, options.artifactsDir);
  if (options.resultFile !== undefined) await writeResult(context, options.resultFile, end.task);
  await reportEnd({ context, end, format, simple: options.simpleExitCode });
}

interface Found {
  readonly task: Task;
  readonly claim: Claim | null;
}

async function findTask(options: SubmitOptions, queue: Queue, terms: ClaimTerms): Promise<Found | undefined> {
  const { context, source, driver } = options;
  switch (source.kind) {
    case "next": {
      const claim = await queue.claim(terms);
      return claim && { task: claim.task, claim };
    }
    case "task": {
      const task = await getTask(queue, source.task);
      if (isTerminal(task.status)) throw alreadyEnded(task);
      const claim = driver === "worker" ? null : await queue.claim({ ...terms, taskId: task.id });
      return { task: claim?.task ?? task, claim: claim ?? null };
    }
    case "new": {
      const draft = await newTask(context, queue, source);
      const runner = chooseRunner(options.runner, draft.spec.runner, await context.settings());
      await refuse(options, runner, queue);
      const added = await queue.addTask({
        ...draft,
        createdBy: context.user,
        ...(options.requestId !== undefined && { requestId: options.requestId }),
        ...(driver !== "worker" && { claim: terms }),
      });
      if (!added.created) await sayKnown(context, added.task);
      return added;
    }
  }
}

async function refuse({ driver, detach }: SubmitOptions, runner: string, queue: Queue): Promise<void> {
  if (driver === "worker" && (await queue.queueStatus()).drivers === 0) throw noWorker();
  if (driver !== "worker" && runner === "local" && detach) throw cannotDetach();
  if (driver !== "worker" && runner !== "local") throw noCluster();
}

async function sayKnown(context: Context, task: Task): Promise<void> {
  await context.notify({
    en: `request was known: attaching to ${task.id} (${task.status})`,
    ja: `登録済みのリクエストです。${task.id}（${task.status}）に接続します`,
  });
}
