import type { AttemptObserver, CancelWishes, DriveOutcome } from "@keruta/runner/stages";
import type { Claim, Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import type { ClusterConnection } from "./connect-cluster.ts";

export interface DriveAttemptOptions {
  readonly context: Context;
  readonly queue: Queue;
  /** null where only local attempts can be claimed. */
  readonly connection: ClusterConnection | null;
  readonly observer: AttemptObserver;
  readonly cancel: AbortSignal;
  readonly detach: AbortSignal;
  readonly cancelWishes?: CancelWishes;
}

/** Drives a claimed attempt with the runner that it is for; the runner's code is loaded only now. */
export async function driveAttempt(options: DriveAttemptOptions, claim: Claim): Promise<DriveOutcome> {
  const { connection } = options;
  if (claim.attempt.runner === "local") {
    const { driveLocally } = await import("@keruta/runner/local");
    const { localRunnerDeps } = await import("./local-runner-deps.ts");
    return await driveLocally(await localRunnerDeps(options), claim);
  }
  if (!connection) throw new Error("an attempt for a cluster was claimed without one");
  const { driveOnCluster } = await import("@keruta/runner/kubernetes");
  const { clusterRunnerDeps } = await import("./cluster-runner-deps.ts");
  return await driveOnCluster(clusterRunnerDeps({ ...options, connection }), claim);
}
