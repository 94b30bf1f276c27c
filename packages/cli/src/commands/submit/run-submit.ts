import { isTerminal, taskJson, type RunnerName, type Task } from "@keruta/shared/domain";
import type { Claim, Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { abilityOf, defaultRunner, runnerOf, type Ability } from "../../driving/choose-runner.ts";
import { claimDriver } from "../../driving/drive-claim.ts";
import { createWatcher, type DriveFormat } from "../../driving/create-watcher.ts";
import { reportEnd } from "../../driving/report-end.ts";
import { refuseOtherCluster } from "../../driving/refuse-other-cluster.ts";
import { runToEnd } from "../../driving/run-to-end.ts";
import { writeDocument } from "../../output/document.ts";
import { getTask } from "../../tasks/resolve.ts";
import { copyArtifacts, writeIdFile, writeResult } from "./files.ts";
import { newTask } from "./new-task.ts";
import { alreadyEnded, cannotDetach, noWorker } from "./refusals.ts";
import { chooseDriver } from "./choose-driver.ts";
import { sayEmpty } from "./say-empty.ts";
import type { SubmitOptions } from "./submit.ts";

/** Gets one task, sees it to its end, and exits with its code. */
export async function runSubmit(options: SubmitOptions): Promise<void> {
  const { context, source, format, emptyExitCode, dryRun } = options;
  if (dryRun) {
    const { runRender } = await import("../render/run-render.ts");
    await runRender({ context, source, runner: options.runner, ...dryRun });
    return;
  }
  const queue = await context.openQueue();
  const driver = await chooseDriver(options, queue);
  const found = await findTask({ ...options, driver }, queue);
  if (!found) {
    await sayEmpty(context, queue, defaultRunner(await context.settings()));
    context.exitCode = emptyExitCode;
    return;
  }
  const { task, claim, ability } = found;
  if (options.idFile !== undefined) await writeIdFile(context, options.idFile, task.id);
  await context.explain({ en: `task ${task.id}`, ja: `タスク ${task.id}` });

  const watcher = await createWatcher(context, queue, format);
  const end = await runToEnd({
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
  if (options.artifactsDir !== undefined) await copyArtifacts(context, queue, end.task, options.artifactsDir);
  if (options.resultFile !== undefined) await writeResult(context, options.resultFile, end.task);
  if (options.detach && !isTerminal(end.task.status)) {
    await printLeft(context, end.task, format);
    return;
  }
  await reportEnd({ context, end, format, simple: options.simpleExitCode });
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

interface Found {
  readonly task: Task;
  readonly claim: Claim | null;
  /** null: a worker drives, and this process needs no cluster. */
  readonly ability: Ability | null;
}

async function findTask(options: SubmitOptions, queue: Queue): Promise<Found | undefined> {
  const { context, source, driver, runner: forced } = options;
  const settings = await context.settings();
  switch (source.kind) {
    case "next": {
      const ability = await abilityOf({ context, forced, needed: undefined });
      const claim = await queue.claim(ability.terms);
      return claim && { task: claim.task, claim, ability };
    }
    case "task": {
      const task = await getTask(queue, source.task);
      if (isTerminal(task.status)) throw alreadyEnded(task);
      if (driver === "worker") return { task, claim: null, ability: null };
      const ability = await abilityOf({ context, forced, needed: runnerOf(task, settings) });
      const claim = await queue.claim({ ...ability.terms, taskId: task.id });
      if (!claim) await refuseOtherCluster(context, queue, task.id, ability.terms);
      return { task: claim?.task ?? task, claim: claim ?? null, ability };
    }
    case "new": {
      const draft = await newTask(context, queue, source);
      const needed = forced ?? draft.spec.runner ?? defaultRunner(settings);
      await refuse(options, needed, queue);
      const ability = driver === "worker" ? null : await abilityOf({ context, forced, needed });
      const { task, claim, created } = await queue.addTask({
        ...draft,
        createdBy: context.user,
        ...(options.requestId !== undefined && { requestId: options.requestId }),
        ...(ability && { claim: ability.terms }),
      });
      if (!created) await sayKnown(context, task);
      return { task, claim, ability };
    }
  }
}

async function refuse({ driver, detach }: SubmitOptions, needed: RunnerName, queue: Queue): Promise<void> {
  if (driver === "worker" && (await queue.queueStatus()).drivers === 0) throw noWorker();
  if (driver !== "worker" && needed === "local" && detach) throw cannotDetach();
}

async function sayKnown(context: Context, task: Task): Promise<void> {
  await context.notify({
    en: `request was known: attaching to ${task.id} (${task.status})`,
    ja: `登録済みのリクエストです。${task.id}（${task.status}）に接続します`,
  });
}
