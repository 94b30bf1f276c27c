import type { Context } from "../../context/context.ts";
import { abilityOf, type Ability } from "../../driving/choose-runner.ts";
import { claimDriver } from "../../driving/drive-claim.ts";
import { runToEnd } from "../../driving/run-to-end.ts";
import { createSilentWatcher } from "../../driving/silent-watcher.ts";
import { failedWith, type Check } from "./check.ts";
import { probeImage, probeName, probeTask } from "./probe.ts";
import { trialOutcome } from "./trial-outcome.ts";

/** `--run`: a real task, from the queue through a Pod to its result. It is deleted again if it went well. */
export async function trialChecks(context: Context): Promise<readonly Check[]> {
  try {
    const { terms, connection } = await abilityOf({ context, forced: undefined, needed: "kubernetes" });
    try {
      return await runProbe(context, { terms, connection });
    } finally {
      await connection?.cluster.close();
    }
  } catch (error) {
    return [failedWith("run", error)];
  }
}

async function runProbe(context: Context, { terms, connection }: Ability): Promise<readonly Check[]> {
  const queue = await context.openQueue();
  const settings = connection?.settings ?? (await context.settings());
  const hostName = probeName(settings);
  const draft = probeTask(probeImage({ settings, version: context.version }), hostName);
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
  const checks = trialOutcome(task, hostName);
  if (task.status === "COMPLETED") await queue.deleteTask(task.id);
  return checks;
}
