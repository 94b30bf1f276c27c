import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Cluster } from "@keruta/runner/cluster";
import type { KubeconfigChoice } from "@keruta/runner/kubernetes";
import { formatDuration, type Settings } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";
import { readSettings } from "../context/read-settings.ts";

export interface ClusterConnection {
  readonly cluster: Cluster;
  /** What an attempt stores of where it runs. */
  readonly identity: string;
  /** With the kubeconfig's namespace where nothing else names one. */
  readonly settings: Settings;
}

/**
 * Opens the cluster that flags, environment, settings and kubeconfig name, and asks it who it is. Throws
 * KRT_CLUSTER_NOT_FOUND where none does, KRT_SETTING_INVALID where Pods are to upload artifacts to no server, and what
 * `Cluster.identity` throws where it does not answer.
 */
export async function connectCluster(context: Context, patience = 0): Promise<ClusterConnection> {
  const { cluster, settings } = await findCluster(context);
  const { artifactTransport } = await import("@keruta/runner/plan");
  // Before anything is claimed that could not be driven.
  artifactTransport(settings);
  return { cluster, settings, identity: await identityOf(context, cluster, patience) };
}

const waitBetween = 1000;

/** Asks again for up to `patience` milliseconds while the cluster does not answer. */
async function identityOf(context: Context, cluster: Cluster, patience: number): Promise<string> {
  const { isTransient } = await import("@keruta/runner/cluster");
  const deadline = context.clock() + patience;
  for (let told = false; ; told = true) {
    try {
      return await cluster.identity();
    } catch (error) {
      if (!isTransient(error) || context.clock() >= deadline) throw error;
      if (!told) {
        await context.notify({
          en: `${cluster.server} does not answer, trying again for up to ${formatDuration(patience)}`,
          ja: `${cluster.server} が応答しません。最長 ${formatDuration(patience)} 再試行します`,
        });
      }
      await new Promise<void>((resolve) => void context.machine.timers.after(waitBetween, resolve));
    }
  }
}

export interface FoundCluster {
  readonly cluster: Cluster;
  readonly kubeconfig: KubeconfigChoice | undefined;
  /** With the kubeconfig's namespace where nothing else names one. */
  readonly settings: Settings;
}

/** Nothing is sent yet. Throws KRT_CLUSTER_NOT_FOUND or KRT_KUBECONFIG_INVALID. */
export async function findCluster(context: Context): Promise<FoundCluster> {
  const { chooseKubeconfig, openCluster } = await import("@keruta/runner/kubernetes");
  const { globals, env, home, machine, clock, random, version } = context;
  const settings = await context.settings();
  const kubeconfig = chooseKubeconfig({
    flag: globals.kubeconfig,
    env,
    settings: {
      configPath: settings.get("keruta.kubernetes.config-path"),
      inCluster: settings.get("keruta.kubernetes.in-cluster"),
    },
    home,
    homeConfigExists: await exists(join(home, ".kube/config")),
    pathDelimiter: delimiter,
  });
  const namespace = settings.describe("keruta.kubernetes.default-namespace");
  const cluster = await openCluster(
    {
      kubeconfig,
      context: globals.context,
      namespace: namespace.origin === "default" ? undefined : namespace.text,
    },
    {
      env,
      clock,
      timers: machine.timers,
      random: () => Buffer.from(random(4)).readUInt32LE() / 2 ** 32,
      userAgent: `keruta/${version}`,
    },
  );
  const own = { "keruta.kubernetes.default-namespace": cluster.namespace };
  return { cluster, kubeconfig, settings: await readSettings(context, own) };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Not there, or not ours to read: as good as none.
    return false;
  }
}
