import { isKerutaError, runnerNames, type RunnerName, type Settings, type Task } from "@keruta/shared/domain";
import type { ClaimTerms } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import { connectCluster, type ClusterConnection } from "./connect-cluster.ts";

export function defaultRunner(settings: Settings): RunnerName {
  return settings.get("keruta.kubernetes.enabled") ? "kubernetes" : "local";
}

/** The runner that a task needs: of the attempt that is open, else its own word, else the setting. */
export function runnerOf({ spec, attempt }: Pick<Task, "spec" | "attempt">, settings: Settings): RunnerName {
  if (attempt && attempt.finishedAt === null) return attempt.runner;
  return spec.runner ?? defaultRunner(settings);
}

/** What this command can drive. */
export interface Ability {
  readonly terms: ClaimTerms;
  readonly connection: ClusterConnection | null;
}

export interface AbilityOptions {
  readonly context: Context;
  /** `--runner`. */
  readonly forced: RunnerName | undefined;
  /** The runner that the task at hand needs; undefined for whichever comes. */
  readonly needed: RunnerName | undefined;
  /** The runners whose tasks are taken where none is forced; all where absent. */
  readonly allowed?: readonly RunnerName[];
  /** Milliseconds that a cluster may take to answer; none where a person waits for the first word. */
  readonly patience?: number;
}

/**
 * Connects to the cluster where one is needed; the error of none to be found names both ways on, since a container
 * task never runs on the host by accident. For whichever task comes, a machine without a cluster has the local ones.
 */
export async function abilityOf(options: AbilityOptions): Promise<Ability> {
  const { context, forced, needed, patience = 0, allowed = runnerNames } = options;
  const usual = defaultRunner(await context.settings());
  const connection =
    (forced ?? needed) === "local" ? null : await connect(context, needed ?? forced, patience);
  const able: readonly RunnerName[] = connection ? ["local", "kubernetes"] : ["local"];
  const runners = forced === undefined ? able.filter((runner) => allowed.includes(runner)) : able;
  return {
    connection,
    terms: {
      holder: context.machine.processes.self,
      runners,
      defaultRunner: usual,
      ...(forced !== undefined && { forceRunner: forced }),
      ...(connection && { cluster: connection.identity, namespace: connection.cluster.namespace }),
    },
  };
}

async function connect(
  context: Context,
  needed: RunnerName | undefined,
  patience: number,
): Promise<ClusterConnection | null> {
  try {
    return await connectCluster(context, patience);
  } catch (error) {
    if (needed === "kubernetes" || !isKerutaError(error, "KRT_CLUSTER_NOT_FOUND")) throw error;
    return null;
  }
}
