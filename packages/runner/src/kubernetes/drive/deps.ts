import type { ClusterGraces } from "@keruta/shared/domain";
import type { Cluster } from "../../cluster/cluster.ts";
import type { PlanSettings } from "../../plan/index.ts";
import type { RunnerDeps } from "../../stages/deps.ts";

export interface ClusterRunnerDeps extends RunnerDeps {
  /** Of the setting's namespace; a task's own is taken from it. */
  readonly cluster: Cluster;
  /** What `cluster.identity()` said when the attempt was claimed. */
  readonly clusterIdentity: string;
  readonly plan: PlanSettings;
  /** For a task with this pendingTimeout, in milliseconds. */
  readonly graces: (pendingTimeout: number) => ClusterGraces;
  /** Milliseconds that a Job stays after it is settled. */
  readonly jobTtl: number;
  /** Where collected artifacts lie: `<artifacts>/<id>/<attempt>`. */
  readonly artifacts: string;
  /** Aborts when the person wants to leave the Job running. */
  readonly detach: AbortSignal;
}
