import { isKerutaError } from "@keruta/shared/domain";
import type { KubeconfigChoice } from "@keruta/runner/kubernetes";
import type { Context } from "../../context/context.ts";
import { placeOf } from "../../context/database.ts";
import { findCluster, type FoundCluster } from "../../driving/connect-cluster.ts";
import { archiveChecks } from "./archive-check.ts";
import { failed, failedWith, ok, type Check } from "./check.ts";
import { clusterChecks } from "./cluster-checks.ts";
import { localChecks } from "./local-checks.ts";
import { lookUp } from "./look-up.ts";
import { notifyChecks } from "./notify-checks.ts";
import { trialChecks } from "./trial.ts";

/** Of this machine and of the cluster that it drives; with `run` also a real task, where all else is well. */
export async function allChecks(context: Context, run: boolean): Promise<readonly Check[]> {
  const local = await localChecks(context);
  const isQueueWell = local.every(({ name, status }) => name !== "database" || status === "ok");
  // Settings are in the database: without it nothing says which cluster is meant.
  if (!isQueueWell) return local;
  // Behind a server, what it does with its database is its own affair.
  const own =
    placeOf(context).kind === "api"
      ? []
      : [...(await notifyChecks(context)), ...(await archiveChecks(context))];
  return [...local, ...own, ...(await kubernetesChecks(context, run))];
}

async function kubernetesChecks(context: Context, run: boolean): Promise<readonly Check[]> {
  const { globals, clock, version } = context;
  const isEnabled = (await context.settings()).get("keruta.kubernetes.enabled");
  const isAsked = run || globals.kubeconfig !== undefined || globals.context !== undefined;
  if (!isEnabled && !isAsked) return [switchedOff];
  let found: FoundCluster;
  try {
    found = await findCluster(context);
  } catch (error) {
    if (isKerutaError(error, "KRT_CLUSTER_NOT_FOUND"))
      return [failed("kubeconfig", error.text, noKubeconfig)];
    return [failedWith("kubeconfig", error)];
  }
  const { cluster, settings } = found;
  try {
    const checks = [
      kubeconfigCheck(found),
      ...(await clusterChecks({ cluster, settings, version, now: clock(), lookUp })),
    ];
    const isWell = checks.every(({ status }) => status !== "failed");
    return run && isWell ? [...checks, ...(await trialChecks(context))] : checks;
  } finally {
    await cluster.close();
  }
}

const switchedOff = ok("kubeconfig", {
  en: "Kubernetes is switched off (setting keruta.kubernetes.enabled), so no cluster was checked",
  ja: "Kubernetes は無効です（設定 keruta.kubernetes.enabled）。クラスターは検査していません",
});

const noKubeconfig = {
  en: "Name a kubeconfig with --kubeconfig or KUBECONFIG, or do without a cluster: `keruta settings set kubernetes.enabled false`.",
  ja: "--kubeconfig または KUBECONFIG で kubeconfig を指定してください。クラスターを使わない場合は `keruta settings set kubernetes.enabled false` を実行してください。",
};

function kubeconfigCheck({ cluster, kubeconfig }: FoundCluster): Check {
  const { contextName, namespace } = cluster;
  const from = origin(kubeconfig);
  return ok("kubeconfig", {
    en: `${from}, context ${contextName}, namespace ${namespace}`,
    ja: `${from}、コンテキスト ${contextName}、ネームスペース ${namespace}`,
  });
}

function origin(kubeconfig: KubeconfigChoice | undefined): string {
  return kubeconfig === undefined || kubeconfig.from === "in-cluster"
    ? "in-cluster"
    : kubeconfig.paths.join(", ");
}
