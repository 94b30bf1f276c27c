import { isTerminal, type Task } from "@keruta/shared/domain";
import type { Claim, ClaimTerms, Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import { getTask } from "../tasks/resolve.ts";
import { createStoredFollower } from "./follow-stored.ts";
import { refuseOtherCluster } from "./refuse-other-cluster.ts";
import type { DriveClaim, DriveSignals } from "./drive-claim.ts";
import { createShownLog, type ShownLog } from "./shown-log.ts";
import { listenForStop, type StopWish, type StopWishes } from "./stop-wishes.ts";
import type { Watcher } from "./watcher.ts";

export interface RunToEndOptions {
  readonly context: Context;
  readonly queue: Queue;
  readonly watcher: Watcher;
  readonly taskId: string;
  /** The attempt that is already ours, or null where the task must first be claimed. */
  readonly claim: Claim | null;
  /** null: only follow, whoever drives. */
  readonly terms: ClaimTerms | null;
  readonly onInterrupt: StopWish;
  /** Leave as soon as the attempt goes on by itself. */
  readonly leaveAtOnce: boolean;
  readonly drive: DriveClaim;
}

/** The task when this command has nothing more to do with it: ended, or left to others. */
export interface RunToEnd {
  readonly task: Task;
  readonly interrupted: StopWish | null;
}

/**
 * Sees a task through all its attempts: drives those that it can claim, follows those that another driver has,
 * and takes over when that one dies.
 */
export async function runToEnd(options: RunToEndOptions): Promise<RunToEnd> {
  const { context, queue, watcher, taskId, terms, onInterrupt } = options;
  let { claim } = options;
  // The local runner's command is this process's own and cannot be left behind.
  const cannotLeave = () => claim?.attempt.runner === "local";
  const stop = listenForStop(context.signals, (hangUp) => {
    if (cannotLeave()) return "cancel";
    return hangUp ? "detach" : onInterrupt;
  });
  const cancel = new AbortController();
  const detach = new AbortController();
  if (options.leaveAtOnce) detach.abort();
  const requested = actOnWish(options, stop, (wish) => {
    (wish === "cancel" ? cancel : detach).abort();
  });
  const log = createShownLog(queue, watcher);
  const others = createStoredFollower({ context, queue, watcher, log, taskId, stop: detach.signal });
  try {
    for (;;) {
      if (claim) {
        await watcher.attempt(claim.task);
        await log.catchUp(claim.task);
        await driveOrSay(options, claim, log, { cancel: cancel.signal, detach: detach.signal });
      }
      const task = await getTask(queue, taskId);
      await log.catchUp(task);
      await watcher.settled(task);
      if (isTerminal(task.status) || detach.signal.aborted) return { task, interrupted: stop.wish };
      claim = terms && !stop.signal.aborted ? ((await queue.claim({ ...terms, taskId })) ?? null) : null;
      if (claim) continue;
      if (terms && !stop.signal.aborted) await refuseOtherCluster(context, queue, taskId, terms);
      await others.follow();
    }
  } finally {
    stop.stop();
    await requested();
    await watcher.flush();
  }
}

/** An error here is of this driver; the task is not ended by it, and others may go on. */
async function driveOrSay(
  { drive, queue, watcher, taskId }: RunToEndOptions,
  claim: Claim,
  log: ShownLog,
  signals: DriveSignals,
): Promise<void> {
  try {
    await drive(claim, log, signals);
  } catch (error) {
    // Of a queue that is away it is not known.
    const task = await queue.getTask(taskId).catch(() => undefined);
    if (task && !isTerminal(task.status))
      watcher.notice({
        en: `${taskId} has not ended: \`keruta attach ${taskId}\` goes on with it, \`keruta cancel ${taskId}\` ends it`,
        ja: `${taskId} は終了していません。\`keruta attach ${taskId}\` で続行、\`keruta cancel ${taskId}\` で中止できます`,
      });
    throw error;
  }
}

/**
 * A cancel goes into the queue before the command is stopped: if this process dies meanwhile, the next one knows
 * that the task was cancelled and not lost.
 */
function actOnWish(
  { context, queue, taskId, watcher }: RunToEndOptions,
  stop: StopWishes,
  act: (wish: StopWish) => void,
): () => Promise<unknown> {
  let request: Promise<unknown> = Promise.resolve();
  stop.signal.addEventListener("abort", () => {
    if (stop.wish === "cancel") {
      watcher.notice({
        en: `cancelling ${taskId}; press Ctrl-C again to leave at once`,
        ja: `${taskId} を中止しています。もう一度 Ctrl-C を押すとすぐに終了します`,
      });
      request = queue.cancelTask(taskId, context.user).finally(() => act("cancel"));
      // Whoever waits for it gets the error, when what was driven has ended.
      request.catch(() => undefined);
    } else {
      watcher.notice({
        en: `leaving ${taskId}; \`keruta attach ${taskId}\` comes back to it`,
        ja: `${taskId} から離れます。\`keruta attach ${taskId}\` で戻れます`,
      });
      act("detach");
    }
  });
  return () => request;
}
