import { shareWatches } from "@keruta/runner/cluster";
import { runnerNames, type RunnerName, type Text } from "@keruta/shared/domain";
import type { ClaimTerms, Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { readSettings } from "../../context/read-settings.ts";
import { abilityOf, defaultRunner } from "../../driving/choose-runner.ts";
import type { ClusterConnection } from "../../driving/connect-cluster.ts";

/** What the worker can drive, kept true while it runs for weeks. */
export interface Reach {
  /** Throws while the cluster does not answer. */
  readonly terms: () => Promise<ClaimTerms>;
  /** With the settings as they are now; null without a cluster. */
  readonly connection: () => Promise<ClusterConnection | null>;
  /** For people: where tasks run; null where no cluster is to be found. */
  readonly place: () => Text | null;
  /** Sent to the API server so far, by operation. */
  readonly requests: () => ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

export interface ReachOptions {
  readonly context: Context;
  readonly queue: Queue;
  /** `--runner`. */
  readonly forced: RunnerName | undefined;
}

/** Milliseconds for which an answer of the cluster counts. */
const answerCounts = 5000;
/** Settings are read again at most so often. */
const settingsCount = 1000;

export function createReach({ context, queue, forced }: ReachOptions): Reach {
  const { clock, machine } = context;
  let terms: ClaimTerms | undefined;
  let connection: ClusterConnection | null = null;
  let answeredAt = 0;
  let settingsReadAt = 0;

  const connect = async (): Promise<ClaimTerms> => {
    const listed = (await context.settings()).get("keruta.worker.runners");
    const allowed = runnerNames.filter((name) => listed.length === 0 || listed.includes(name));
    const only = allowed.length === 1 ? allowed[0] : undefined;
    const ability = await abilityOf({ context, forced, needed: forced ?? only, allowed });
    connection = ability.connection && {
      ...ability.connection,
      cluster: shareWatches(ability.connection.cluster, { queueUid: queue.uid, timers: machine.timers }),
    };
    settingsReadAt = clock();
    return ability.terms;
  };

  /** A setting that was changed holds for the next claim and the next attempt. */
  const readAgain = async () => {
    if (clock() - settingsReadAt < settingsCount) return;
    settingsReadAt = clock();
    const own = connection && { "keruta.kubernetes.default-namespace": connection.cluster.namespace };
    const settings = await readSettings(context, own ?? {});
    if (connection) connection = { ...connection, settings };
    if (terms) terms = { ...terms, defaultRunner: defaultRunner(settings) };
  };

  return {
    async terms() {
      terms ??= await connect();
      await readAgain();
      if (!connection || clock() - answeredAt < answerCounts) return terms;
      const identity = await connection.cluster.identity();
      answeredAt = clock();
      // A namespace that was made anew is another place: attempts of the old one are not to be taken over.
      connection = { ...connection, identity };
      return (terms = { ...terms, cluster: identity });
    },
    async connection() {
      await readAgain();
      return connection;
    },
    place() {
      if (connection) {
        const { contextName, namespace } = connection.cluster;
        return { en: `${contextName}/${namespace}`, ja: `${contextName}/${namespace}` };
      }
      return forced === "local" ? { en: "this machine", ja: "このマシン" } : null;
    },
    requests: () => connection?.cluster.requests ?? new Map<string, number>(),
    async close() {
      await connection?.cluster.close();
    },
  };
}
