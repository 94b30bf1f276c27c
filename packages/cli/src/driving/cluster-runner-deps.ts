import { clusterGraces } from "@keruta/shared/domain";
import type { ClusterRunnerDeps } from "@keruta/runner/kubernetes";
import { planSettings } from "@keruta/runner/plan";
import type { AttemptObserver, CancelWishes } from "@keruta/runner/stages";
import type { Queue } from "@keruta/shared/queue";
import { artifactStore } from "../context/artifact-store.ts";
import type { Context } from "../context/context.ts";
import type { ClusterConnection } from "./connect-cluster.ts";
import { runSettings } from "./run-settings.ts";

export interface ClusterRunnerOptions {
  readonly context: Context;
  readonly queue: Queue;
  readonly observer: AttemptObserver;
  readonly cancel: AbortSignal;
  readonly detach: AbortSignal;
  readonly cancelWishes?: CancelWishes;
  readonly connection: ClusterConnection;
}

/** The Kubernetes runner's surroundings. */
export function clusterRunnerDeps(options: ClusterRunnerOptions): ClusterRunnerDeps {
  const { context, queue, observer, cancel, detach, cancelWishes, connection } = options;
  const { cluster, identity, settings } = connection;
  const { machine, paths, clock, random, version } = context;
  return {
    queue,
    observer,
    cancel,
    detach,
    cancelWishes,
    clock,
    random,
    cluster,
    processes: machine.processes,
    timers: machine.timers,
    crashPoint: machine.crashPoint,
    settings: runSettings(settings),
    clusterIdentity: identity,
    plan: planSettings(settings, version),
    graces: (pendingTimeout) => clusterGraces(settings, pendingTimeout),
    jobTtl: settings.get("keruta.job.ttl"),
    artifacts: artifactStore(paths, settings),
  };
}
