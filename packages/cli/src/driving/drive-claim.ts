import type { AttemptObserver } from "@keruta/runner/stages";
import type { Claim, Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import { noCluster } from "./choose-runner.ts";
import type { ShownLog } from "./shown-log.ts";
import type { Watcher } from "./watcher.ts";

export interface DriveClaimOptions {
  readonly context: Context;
  readonly queue: Queue;
  readonly watcher: Watcher;
}

/** Drives a claimed attempt with the runner that it is for; the runner's code is loaded only now. */
export function claimDriver({ context, queue, watcher }: DriveClaimOptions) {
  return async (claim: Claim, log: ShownLog, cancel: AbortSignal): Promise<void> => {
    if (claim.attempt.runner !== "local") throw noCluster();
    const { driveLocally } = await import("@keruta/runner/local");
    const { localRunnerDeps } = await import("./local-runner-deps.ts");
    const observer: AttemptObserver = {
      phase: (phase) => {
        watcher.phase(phase);
      },
      entries: (entries) => log.show(claim.task, entries),
      notice: (text) => {
        watcher.notice(text);
      },
    };
    await driveLocally(await localRunnerDeps({ context, queue, observer, cancel }), claim);
  };
}
