import type { AttemptObserver } from "@keruta/runner/stages";
import type { Claim, Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import type { ClusterConnection } from "./connect-cluster.ts";
import type { ShownLog } from "./shown-log.ts";
import type { Watcher } from "./watcher.ts";

export interface DriveClaimOptions {
  readonly context: Context;
  readonly queue: Queue;
  readonly watcher: Watcher;
  /** null where only local attempts can be claimed. */
  readonly connection: ClusterConnection | null;
}

/** What the person in front of this command wants of the attempt that it drives. */
interface DriveSignals {
  readonly cancel: AbortSignal;
  readonly detach: AbortSignal;
}

export type DriveClaim = (claim: Claim, log: ShownLog, signals: DriveSignals) => Promise<void>;

/** Drives a claimed attempt with the runner that it is for; the runner's code is loaded only now. */
export function claimDriver({ context, queue, watcher, connection }: DriveClaimOptions): DriveClaim {
  return async (claim, log, signals) => {
    const observer: AttemptObserver = {
      phase: (phase) => {
        watcher.phase(phase);
      },
      entries: (entries) => log.show(claim.task, entries),
      notice: (text) => {
        watcher.notice(text);
      },
      artifacts: (progress) => {
        watcher.artifacts(progress);
      },
    };
    const given = { context, queue, observer, ...signals };
    if (claim.attempt.runner === "local") {
      const { driveLocally } = await import("@keruta/runner/local");
      const { localRunnerDeps } = await import("./local-runner-deps.ts");
      await driveLocally(await localRunnerDeps(given), claim);
      return;
    }
    if (!connection) throw new Error("an attempt for a cluster was claimed without one");
    const { driveOnCluster } = await import("@keruta/runner/kubernetes");
    const { clusterRunnerDeps } = await import("./cluster-runner-deps.ts");
    await driveOnCluster(clusterRunnerDeps({ ...given, connection }), claim);
  };
}
