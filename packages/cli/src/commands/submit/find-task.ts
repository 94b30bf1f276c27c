import { isTerminal, type Task } from "@keruta/shared/domain";
import type { Claim, Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { abilityOf, defaultRunner, runnerOf, type Ability } from "../../driving/choose-runner.ts";
import { refuseOtherCluster } from "../../driving/refuse-other-cluster.ts";
import { getTask } from "../../tasks/resolve.ts";
import { newTask } from "./new-task.ts";
import { alreadyEnded, cannotDetach, noWorker, notRun } from "./refusals.ts";
import type { SubmitOptions } from "./submit.ts";

export interface FindTaskOptions extends SubmitOptions {
  readonly queue: Queue;
  /** Told as soon as the task is known, and before it can start; where it rejects, the task does not run. */
  readonly named: ((taskId: string) => Promise<void>) | undefined;
}

export interface Found {
  readonly task: Task;
  readonly claim: Claim | null;
  /** null: a worker drives, and this process needs no cluster. */
  readonly ability: Ability | null;
}

/** The task to see to its end, claimed where this process is to drive it; undefined where the queue has none. */
export async function findTask(options: FindTaskOptions): Promise<Found | undefined> {
  switch (options.source.kind) {
    case "next":
      return await popTask(options);
    case "task":
      return await takeTask(options, options.source.task);
    case "new":
      return await addNew(options, options.source);
  }
}

async function popTask({
  context,
  queue,
  runner,
  detach,
  named,
}: FindTaskOptions): Promise<Found | undefined> {
  const allowed = detach ? (["kubernetes"] as const) : undefined;
  const ability = await abilityOf({
    context,
    forced: runner,
    needed: undefined,
    ...(allowed && { allowed }),
  });
  if (detach && !ability.connection) throw cannotDetach();
  const claim = await queue.claim(ability.terms);
  if (!claim) return undefined;
  const { task, lease } = claim;
  try {
    await named?.(task.id);
    // One that a dead driver left, of whichever runner.
    if (detach && claim.attempt.runner === "local") throw cannotDetach();
  } catch (error) {
    await queue.releaseLease(lease);
    throw notRun(error, task.id, "handed back");
  }
  return { task, claim, ability };
}

async function takeTask(options: FindTaskOptions, reference: string): Promise<Found> {
  const { context, queue, driver, runner: forced, detach, named } = options;
  const task = await getTask(queue, reference);
  if (isTerminal(task.status)) throw alreadyEnded(task);
  await refuseWithoutWorker(options);
  const needed = runnerOf(task, await context.settings());
  // One that another process drives goes on by itself.
  if (detach && driver !== "worker" && (forced ?? needed) === "local" && task.status === "PENDING")
    throw cannotDetach();
  const ability = driver === "worker" ? null : await abilityOf({ context, forced, needed });
  await named?.(task.id);
  if (!ability) return { task, claim: null, ability };
  const claim = await queue.claim({ ...ability.terms, taskId: task.id });
  if (!claim) await refuseOtherCluster(context, queue, task.id, ability.terms);
  if (claim && detach && claim.attempt.runner === "local") {
    await queue.releaseLease(claim.lease);
    throw cannotDetach();
  }
  return { task: claim?.task ?? task, claim: claim ?? null, ability };
}

async function addNew(
  options: FindTaskOptions,
  source: Extract<SubmitOptions["source"], { kind: "new" }>,
): Promise<Found> {
  const { context, queue, driver, runner: forced, detach, requestId, named } = options;
  const draft = await newTask(context, queue, source);
  const needed = forced ?? draft.spec.runner ?? defaultRunner(await context.settings());
  await refuseWithoutWorker(options);
  if (detach && driver !== "worker" && needed === "local") throw cannotDetach();
  const ability = driver === "worker" ? null : await abilityOf({ context, forced, needed });
  const added = await queue.addTask({
    ...draft,
    createdBy: context.user,
    ...(requestId !== undefined && { requestId }),
    // A task that must be named first is claimed when it is.
    ...(ability && !named && { claim: ability.terms }),
  });
  const { task, created } = added;
  if (!created) await sayKnown(context, task);
  if (!named) return { task, claim: added.claim, ability };
  try {
    await named(task.id);
  } catch (error) {
    if (created) await queue.cancelTask(task.id, context.user);
    throw notRun(error, task.id, created ? "cancelled" : "left alone");
  }
  const claim = ability ? await queue.claim({ ...ability.terms, taskId: task.id }) : undefined;
  return { task: claim?.task ?? task, claim: claim ?? null, ability };
}

async function refuseWithoutWorker({ driver, queue }: FindTaskOptions): Promise<void> {
  if (driver === "worker" && (await queue.queueStatus()).drivers === 0) throw noWorker();
}

async function sayKnown(context: Context, task: Task): Promise<void> {
  await context.notify({
    en: `request was known: attaching to ${task.id} (${task.status})`,
    ja: `登録済みのリクエストです。${task.id}（${task.status}）に接続します`,
  });
}
