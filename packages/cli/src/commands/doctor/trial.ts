import type { Context } from "../../context/context.ts";
import { abilityOf, type Ability } from "../../driving/choose-runner.ts";
import { claimDriver } from "../../driving/drive-claim.ts";
import { lastWords } from "../../driving/last-words.ts";
import { runToEnd } from "../../driving/run-to-end.ts";
import { createSilentWatcher } from "../../driving/silent-watcher.ts";
import { failed, failedWith, ok, type Check } from "./check.ts";
import { probeImage, probeTask } from "./probe.ts";

const name = "run";

/** `--run`: a real task, from the queue through a Pod to its result. It is deleted again if it went well. */
export async function trialCheck(context: Context): Promise<Check> {
  try {
    const { terms, connection } = await abilityOf({ context, forced: undefined, needed: "kubernetes" });
    try {
      return await runProbe(context, { terms, connection });
    } finally {
      await connection?.cluster.close();
    }
  } catch (error) {
    return failedWith(name, error);
  }
}

async function runProbe(context: Context, { terms, connection }: Ability): Promise<Check> {
  const queue = await context.openQueue();
  const settings = connection?.settings ?? (await context.settings());
  const draft = probeTask(probeImage({ settings, version: context.version }));
  const { task: added, claim } = await queue.addTask({ ...draft, createdBy: context.user, claim: terms });
  const watcher = createSilentWatcher();
  const { task } = await runToEnd({
    context,
    queue,
    watcher,
    taskId: added.id,
    claim,
    terms,
    onInterrupt: "cancel",
    leaveAtOnce: false,
    drive: claimDriver({ context, queue, watcher, connection }),
  });
  const message = lastWords(task);
  if (task.status !== "COMPLETED") {
    return failed(name, message, {
      en: `\`keruta why ${task.id}\` and \`keruta logs ${task.id}\` tell more.`,
      ja: `\`keruta why ${task.id}\` と \`keruta logs ${task.id}\` で詳しく確認できます。`,
    });
  }
  await queue.deleteTask(task.id);
  return ok(name, message);
}
